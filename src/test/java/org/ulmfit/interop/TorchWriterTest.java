package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.interop.TorchWriter.Tensor;

class TorchWriterTest {

  @TempDir Path dir;

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i * 0.25f - 3;
    }
    return values;
  }

  private static List<Tensor> sample() {
    return List.of(
        Tensor.of("0.encoder.weight", new long[] {300, 500}, () -> ramp(150_000)),
        Tensor.alias("0.encoder_dp.emb.weight", "0.encoder.weight"),
        Tensor.of("bias", new long[] {2}, () -> new float[] {1, -2}),
        Tensor.of("scalar", new long[0], () -> new float[] {7}),
        Tensor.of("empty", new long[] {0, 3}, () -> new float[0]),
        Tensor.alias("1.decoder.weight", "0.encoder.weight"));
  }

  @Test
  void readsBackWhatItWrote() {
    Path path = dir.resolve("out.pth");
    TorchWriter.write(path, sample());
    try (TorchFile file = TorchFile.open(path)) {
      assertEquals(
          sample().stream().map(Tensor::name).toList(), List.copyOf(file.tensors().keySet()));
      for (String name : List.of("0.encoder.weight", "1.decoder.weight")) {
        TorchTensor tensor = file.tensors().get(name);
        float[] values = new float[150_000];
        tensor.read(values);
        assertArrayEquals(ramp(150_000), values);
        assertArrayEquals(new long[] {300, 500}, tensor.shape());
        assertEquals("0.encoder.weight", tensor.alias());
      }
      assertTrue(file.tensors().get("0.encoder_dp.emb.weight").isAlias());
      assertFalse(file.tensors().get("scalar").isAlias());
      assertEquals(0, file.tensors().get("scalar").shape().length);
      assertEquals(0, file.tensors().get("empty").elements());
    }
  }

  @Test
  void theSameTensorsGiveTheSameBytesUnderAnyName() throws IOException {
    TorchWriter.write(dir.resolve("a.pth"), sample());
    TorchWriter.write(dir.resolve("b.pth"), sample());
    assertEquals(-1, Files.mismatch(dir.resolve("a.pth"), dir.resolve("b.pth")));
  }

  @Test
  void entriesAreStoredAndAligned() throws IOException {
    Path path = dir.resolve("out.pth");
    TorchWriter.write(path, sample());
    try (ZipFile zip = new ZipFile(path.toFile());
        FileChannel channel = FileChannel.open(path)) {
      List<String> names = zip.stream().map(ZipEntry::getName).toList();
      assertEquals(
          List.of(
              "model/data.pkl",
              "model/byteorder",
              "model/data/0",
              "model/data/1",
              "model/data/2",
              "model/data/3",
              "model/version"),
          names);
      for (ZipIndex.Entry entry : ZipIndex.read(path, channel).values()) {
        assertEquals(0, entry.begin() % 64, entry.name());
        ZipEntry other = zip.getEntry("model/" + entry.name());
        assertEquals(ZipEntry.STORED, other.getMethod());
        assertEquals(entry.size(), zip.getInputStream(other).readAllBytes().length);
      }
      ByteBuffer flags = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(flags, 6);
      assertEquals(0, flags.getShort(0) & 8, "sizes stand before the content");
    }
  }

  @Test
  void refusesTensorsThatDoNotFit() {
    Path path = dir.resolve("bad.pth");
    Tensor one = Tensor.of("a", new long[] {1}, () -> new float[1]);
    for (List<Tensor> bad :
        List.of(
            List.of(one, one),
            List.of(Tensor.alias("b", "a"), one),
            List.of(Tensor.of("a", new long[] {2}, () -> new float[1])))) {
      assertThrows(IllegalArgumentException.class, () -> TorchWriter.write(path, bad));
      assertFalse(Files.exists(path));
    }
  }
}
