package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.interop.TorchBytes.assertRefused;
import static org.ulmfit.interop.TorchBytes.refused;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.UlmfitException;

/** Damaged and hostile containers: refused in one line, or read. */
class TorchHostileTest {

  private static final int MUTATIONS = 600;

  @TempDir Path dir;

  private void readAll(byte[] bytes) {
    try (TorchFile file = TorchFile.open(TorchBytes.write(dir.resolve("f.pth"), bytes))) {
      for (TorchTensor tensor : file.tensors().values()) {
        tensor.read(new float[Math.toIntExact(tensor.elements())]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"golden_legacy.pth", "golden_zip.pth"})
  @Timeout(300)
  void refusesAFileThatIsCutShortAnywhere(String fixture) {
    byte[] whole = TorchBytes.resource(fixture);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      refused(() -> readAll(cut));
    }
    readAll(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"golden_legacy.pth", "golden_zip.pth", "legacy.pth", "zip.pth", "fastai2_opt.pth"})
  @Timeout(300)
  void refusesOrReadsWhatIsDamaged(String fixture) {
    byte[] whole = TorchBytes.resource(fixture);
    Random random = new Random(fixture.hashCode());
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] damaged = whole.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        int at = random.nextInt(damaged.length);
        damaged[at] =
            random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (damaged[at] ^ (1 << n));
      }
      try {
        readAll(damaged);
      } catch (UlmfitException e) {
        assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
        assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > MUTATIONS / 10, refused + " of " + MUTATIONS + " refused");
  }

  @Test
  void refusesCompressedEntries() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        zip.write(zeros);
      }
    }
    assertRefused("a/data.pkl is compressed", () -> readAll(out.toByteArray()));
  }

  /** A ZIP whose entries are named as given. */
  private static byte[] named(String... names) {
    byte[] zip = TorchBytes.archive("xx", new byte[] {1}, "yy", new byte[] {2});
    for (int i = 0; i < names.length; i++) {
      byte[] from = (i == 0 ? "a/xx" : "a/yy").getBytes(StandardCharsets.US_ASCII);
      byte[] to = names[i].getBytes(StandardCharsets.ISO_8859_1);
      assertEquals(from.length, to.length);
      for (int at = 0; at + 4 <= zip.length; at++) {
        if (Arrays.equals(zip, at, at + 4, from, 0, 4)) {
          System.arraycopy(to, 0, zip, at, 4);
        }
      }
    }
    return zip;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/axx", "../x", "a\\xx", "a:xx", "a//x", "a/..", "a/./", "axxx", "a/x\n"})
  void refusesOddNames(String name) {
    assertRefused("which torch does not write", () -> readAll(named(name)));
  }

  @Test
  void refusesNamesThatTorchDoesNotWrite() {
    assertRefused("not UTF-8", () -> readAll(named("a/\u00e9x")));
    assertRefused("a/yy stands twice", () -> readAll(named("a/yy")));
    assertRefused("a second top folder", () -> readAll(named("b/xx")));
  }

  private static byte[] good() {
    byte[] pickle = TorchBytes.stateDict(2, 0, new long[] {2}, new long[] {1});
    return TorchBytes.zip(pickle, 1, 2);
  }

  /** Overwrites an int at an offset from the n-th signature. */
  private static byte[] patched(int signature, int nth, int offset, int value) {
    ByteBuffer zip = ByteBuffer.wrap(good()).order(ByteOrder.LITTLE_ENDIAN);
    int seen = 0;
    for (int at = 0; at + 4 <= zip.capacity(); at++) {
      if (zip.getInt(at) == signature && seen++ == nth) {
        zip.putInt(at + offset, value);
        return zip.array();
      }
    }
    throw new AssertionError("no such signature");
  }

  @Test
  void refusesDirectoriesThatLie() {
    readAll(good());
    int central = 0x02014b50;
    int end = 0x06054b50;
    assertRefused("encrypted", () -> readAll(patched(central, 0, 8, 1)));
    assertRefused("does not fit", () -> readAll(patched(central, 2, 42, 0))); // overlap
    assertRefused("does not fit", () -> readAll(patched(central, 0, 42, 1)));
    assertRefused("does not fit", () -> readAll(patched(central, 0, 42, -1))); // no ZIP64 field
    assertRefused("does not fit", () -> readAll(patched(central, 0, 24, 0x7fffffff)));
    assertRefused("does not fit", () -> readAll(patched(end, 0, 8, 0x70007)));
    assertRefused("does not fit", () -> readAll(patched(end, 0, 12, 0)));
    assertRefused("does not fit", () -> readAll(patched(end, 0, 16, 0)));
    assertRefused("cut short", () -> readAll(TorchBytes.join(good(), new byte[1])));
    assertRefused("does not fit its checksum", () -> readAll(patched(central, 2, 16, 5)));
    assertRefused("does not fit its checksum", () -> readAll(patched(central, 0, 16, 5)));
  }
}
