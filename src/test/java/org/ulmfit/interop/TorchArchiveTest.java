package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.interop.TorchBytes.assertRefused;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Tarball;
import org.ulmfit.interop.TorchArchive.Unpacked;

class TorchArchiveTest {

  @TempDir Path dir;
  private Path into;

  @BeforeEach
  void folder() throws IOException {
    into = Files.createDirectory(dir.resolve("into"));
  }

  /** A tar of files that hold their own names. */
  private static byte[] tar(String... names) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (String name : names) {
      files.put(name, name.endsWith("/") ? "" : name);
    }
    return Tarball.plain(files);
  }

  private Unpacked unpack(byte[] tgz) {
    return TorchArchive.unpack(TorchBytes.write(dir.resolve("a.tgz"), tgz), into);
  }

  private List<String> unpacked() throws IOException {
    try (Stream<Path> files = Files.list(into)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void copiesWeightsAndVocabulary() throws IOException {
    Unpacked files =
        unpack(
            Tarball.gzip(
                tar(
                    "wt103/",
                    "wt103/._lstm.pth",
                    "wt103/lstm_fwd.pth",
                    "wt103/stoi.pkl",
                    "wt103/itos_wt103.pkl",
                    "wt103/README")));
    assertEquals(into.resolve("lstm_fwd.pth"), files.weights());
    assertEquals(into.resolve("itos_wt103.pkl"), files.vocabulary());
    assertEquals("wt103/lstm_fwd.pth", Files.readString(files.weights()));
    assertEquals("wt103/itos_wt103.pkl", Files.readString(files.vocabulary()));
    assertEquals(List.of("itos_wt103.pkl", "lstm_fwd.pth"), unpacked());
  }

  private void assertTar(String expected, String... names) throws IOException {
    byte[] tgz = Tarball.gzip(tar(names));
    assertRefused(expected, () -> unpack(tgz));
    assertEquals(List.of(), unpacked());
  }

  @Test
  void refusesWhatIsNotOneOfEach() throws IOException {
    assertTar("holds 0 files of weights", "itos.pkl");
    assertTar(
        "holds 2 files of weights (.pth, .h5, .pt), not one: a.pth, b.h5",
        "a.pth",
        "b.h5",
        "itos.pkl");
    assertTar("holds 0 files of a vocabulary", "a.pth");
    assertTar("holds 0 files of a vocabulary", "a.pth", "a.pkl", "b.pkl");
    assertTar("holds 2 files of a vocabulary", "a.pth", "itos.pkl", "x/itos2.pkl");
  }

  @Test
  void refusesPathsThatLeadOutAndLinks() throws IOException {
    assertTar("'../a.pth'; not unpacked", "../a.pth", "itos.pkl");
    assertTar("'/a.pth'; not unpacked", "/a.pth", "itos.pkl");
    assertTar("not unpacked", "x\\a.pth", "itos.pkl");
    assertTar("not unpacked", "x/../../a.pth", "itos.pkl");
    byte[] link = Tarball.gz(Map.of("a.pth", "-> /etc/passwd"));
    assertRefused("a.pth is a link", () -> unpack(link));
  }

  @Test
  @Timeout(300)
  void refusesAnArchiveThatGrowsWithoutMeasure() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
      TarArchiveEntry entry = new TarArchiveEntry("a.pth");
      byte[] zeros = new byte[1 << 20];
      entry.setSize(80L * zeros.length);
      tar.putArchiveEntry(entry);
      for (int i = 0; i < 80; i++) {
        tar.write(zeros);
      }
      tar.closeArchiveEntry();
    }
    assertRefused("beyond 32 times its size", () -> unpack(out.toByteArray()));
    assertEquals(List.of(), unpacked());
  }

  @Test
  @Timeout(300)
  void refusesWhatIsDamaged() throws IOException {
    byte[] tar = tar("a.pth", "itos.pkl");
    byte[] tgz = Tarball.gzip(tar);
    assertRefused("cannot be unpacked", () -> unpack(tar));
    for (int length = 0; length < tgz.length; length++) {
      byte[] cut = Arrays.copyOf(tgz, length);
      assertRefused("a.tgz", () -> unpack(cut));
    }
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      byte[] damaged = tar.clone();
      damaged[random.nextInt(512 * 3)] = (byte) random.nextInt(256);
      try {
        unpack(Tarball.gzip(damaged));
      } catch (UlmfitException e) {
        assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
        assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
      }
    }
  }
}
