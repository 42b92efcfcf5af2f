package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.interop.TorchBytes.assertRefused;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.io.PickleBytes;

class TorchFileTest {

  @TempDir Path dir;

  private TorchFile open(byte[] bytes) {
    return TorchFile.open(TorchBytes.write(dir.resolve("f.pth"), bytes));
  }

  private static float[] values(TorchTensor tensor) {
    float[] values = new float[(int) tensor.elements()];
    tensor.read(values);
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "golden_legacy.pth, 0.encoder_with_dropout.embed.weight",
    "golden_zip.pth, 0.encoder_dp.emb.weight"
  })
  void readsTheCheckpointFixtures(String fixture, String second) {
    try (TorchFile file = open(TorchBytes.resource(fixture))) {
      Map<String, TorchTensor> tensors = file.tensors();
      assertEquals(
          List.of("0.encoder.weight", second, "0.rnns.0.module.bias_ih_l0", "1.decoder.weight"),
          List.copyOf(tensors.keySet()));
      for (String tied : List.of("0.encoder.weight", second, "1.decoder.weight")) {
        assertEquals("F32", tensors.get(tied).dtype());
        assertArrayEquals(new long[] {3, 2}, tensors.get(tied).shape());
        assertArrayEquals(new float[] {.5f, -1, 2, .25f, 3, -.125f}, values(tensors.get(tied)));
        assertEquals("0.encoder.weight", tensors.get(tied).alias());
      }
      assertFalse(tensors.get("0.encoder.weight").isAlias());
      assertTrue(tensors.get("1.decoder.weight").isAlias());
      TorchTensor bias = tensors.get("0.rnns.0.module.bias_ih_l0");
      assertArrayEquals(new float[] {1, -2}, values(bias));
      assertFalse(bias.isAlias());
    }
  }

  /** Files of scripts/parity/make-torch-fixtures.py, written by torch 2.7.1. */
  @ParameterizedTest
  @ValueSource(strings = {"zip.pth", "legacy.pth"})
  void readsWhatTorchWrites(String fixture) {
    try (TorchFile file = open(TorchBytes.resource(fixture))) {
      Map<String, TorchTensor> tensors = file.tensors();
      float[] weight = {-.5f, -.25f, 0, .25f, .5f, .75f};
      assertArrayEquals(weight, values(tensors.get("weight")));
      assertArrayEquals(weight, values(tensors.get("tied")));
      assertEquals("weight", tensors.get("tied").alias());
      TorchTensor transposed = tensors.get("transposed");
      assertEquals("transposed", transposed.alias());
      assertArrayEquals(new long[] {3, 2}, transposed.shape());
      assertArrayEquals(new float[] {-.5f, .25f, -.25f, .5f, 0, .75f}, values(transposed));
      float[] middle = new float[4];
      transposed.read(1, middle, 1, 3);
      assertArrayEquals(new float[] {0, .25f, -.25f, .5f}, middle);
      assertArrayEquals(new float[] {.25f, .5f, .75f}, values(tensors.get("row")));
      assertEquals("F16", tensors.get("half").dtype());
      float subnormal = 0x1p-24f; // the multiple of 2^-24 nearest to 6e-8
      assertArrayEquals(new float[] {1.5f, -2, subnormal, 65504}, values(tensors.get("half")));
      assertEquals("BF16", tensors.get("bfloat").dtype());
      float big = Float.intBitsToFloat(0x7f620000); // the bfloat16 nearest to 3e38
      assertArrayEquals(new float[] {1.5f, -2, big}, values(tensors.get("bfloat")));
      assertArrayEquals(new float[] {.1f}, values(tensors.get("double")));
      assertArrayEquals(new long[] {2, 1}, tensors.get("parameter").shape());
      assertArrayEquals(new float[] {1, -1}, values(tensors.get("parameter")));
      assertArrayEquals(new long[] {0, 3}, tensors.get("empty").shape());
      assertEquals(0, values(tensors.get("empty")).length);
      TorchTensor count = tensors.get("num_batches_tracked");
      assertEquals("I64", count.dtype());
      assertEquals(0, count.shape().length);
      assertRefused("num_batches_tracked is I64", () -> values(count));
      assertEquals(10, tensors.size());
    }
  }

  @Test
  void readsTheModelThatFastai2SavesWithItsOptimiser() {
    try (TorchFile file = open(TorchBytes.resource("fastai2_opt.pth"))) {
      assertEquals(List.of("weight", "bias"), List.copyOf(file.tensors().keySet()));
      assertArrayEquals(new float[] {.5f, -.25f}, values(file.tensors().get("weight")));
      assertArrayEquals(new float[] {2}, values(file.tensors().get("bias")));
    }
  }

  @Test
  void readsPartsOfAContiguousTensor() {
    byte[] pickle = TorchBytes.stateDict(5, 1, new long[] {2, 2}, new long[] {2, 1});
    try (TorchFile file = open(TorchBytes.zip(pickle, 9, 1, 2, 3, 4))) {
      float[] into = new float[4];
      file.tensors().get("w").read(1, into, 2, 2);
      assertArrayEquals(new float[] {0, 0, 2, 3}, into);
      assertThrows(
          IllegalArgumentException.class, () -> file.tensors().get("w").read(new float[3]));
      assertThrows(
          IndexOutOfBoundsException.class, () -> file.tensors().get("w").read(3, into, 0, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "state_dict", "model_state_dict"})
  void unwrapsAStateDict(String key) {
    PickleBytes p = new PickleBytes().protocol().op('}', '(').text("epoch").number(3).text(key);
    TorchBytes.view(p.op('}').text("w"), 1, 0, new long[0], new long[0]).op('s', 'u', '.');
    try (TorchFile file = open(TorchBytes.legacy(p.toByteArray(), 4))) {
      assertArrayEquals(new float[] {4}, values(file.tensors().get("w")));
      assertEquals(1, file.tensors().size());
    }
  }

  private void assertView(String expected, int stored, long offset, long[] shape, long[] strides) {
    byte[] pickle = TorchBytes.stateDict(stored, offset, shape, strides);
    assertRefused(expected, () -> open(TorchBytes.zip(pickle, new float[stored])));
    assertRefused(expected, () -> open(TorchBytes.legacy(pickle, new float[stored])));
  }

  @Test
  void refusesViewsThatLeaveTheirStorageOrOverlap() {
    long huge = 1L << 62;
    assertView("leaves its storage", 5, 0, new long[] {3, 2}, new long[] {2, 1});
    assertView("leaves its storage", 6, 1, new long[] {3, 2}, new long[] {2, 1});
    assertView("leaves its storage", 6, 0, new long[] {huge}, new long[] {1});
    assertView("leaves its storage", 6, 0, new long[] {2}, new long[] {huge});
    assertView("leaves its storage", 6, 0, new long[] {huge, 2}, new long[] {2, 1});
    assertView("begins outside", 6, 6, new long[] {1}, new long[] {1});
    assertView("begins outside", 6, 7, new long[] {0}, new long[] {1});
    assertView("begins outside", 6, -1, new long[] {1}, new long[] {1});
    assertView("begins outside", 6, Long.MIN_VALUE, new long[] {1}, new long[] {1});
    assertView("begins outside", 6, huge, new long[] {1}, new long[] {1});
    assertView("shape [-1]", 6, 0, new long[] {-1}, new long[] {1});
    assertView("strides [-1]", 6, 5, new long[] {2}, new long[] {-1});
    assertView("uses elements twice", 6, 0, new long[] {4}, new long[] {0});
    assertView("uses elements twice", 6, 0, new long[] {2, 2}, new long[] {1, 1});
    assertView("uses elements twice", 6, 0, new long[] {2, 3}, new long[] {2, 1});
    assertView("1 dimensions but 2 strides", 6, 0, new long[] {4}, new long[] {1, 1});
    assertView("of up to 32 numbers", 6, 0, new long[40], new long[40]);
  }

  private void assertRoot(String expected, PickleBytes pickle) {
    byte[] bytes = pickle.op('.').toByteArray();
    assertRefused(expected, () -> open(TorchBytes.zip(bytes, 1)));
  }

  private static PickleBytes scalar(PickleBytes p) {
    return TorchBytes.view(p, 1, 0, new long[0], new long[0]);
  }

  private static PickleBytes pickle() {
    return new PickleBytes().protocol();
  }

  @Test
  void refusesWhatIsNoStateDict() {
    assertRoot("holds a tensor, not a state dict", scalar(pickle()));
    assertRoot("holds a list", scalar(pickle().op(']')).op('a'));
    assertRoot("holds None", pickle().op('N'));
    assertRoot("holds an empty state dict", pickle().op('}'));
    assertRoot("holds a name or storage", pickle().global("torch", "FloatStorage"));
    assertRoot("no tensors: epoch (a number), 3 (a tensor)", others(pickle()));
    assertRoot(
        "several state dicts: model, state_dict",
        pickle().op('}', '(').text("state_dict").op('}').text("model").op('}', 'u'));
    PickleBytes many = pickle().op('}', '(');
    for (int i = 0; i < 20; i++) {
      many.text("k" + i).op('N');
    }
    assertRoot("k7 (None) and 12 more", many.op('u'));
  }

  private static PickleBytes others(PickleBytes p) {
    return scalar(p.op('}', '(').text("epoch").number(1).number(3)).op('u');
  }

  @Test
  void refusesContainersThatDoNotFitTheirTensors() {
    byte[] pickle = TorchBytes.stateDict(2, 0, new long[] {2}, new long[] {1});
    byte[] version = {'3'};
    assertRefused("data/0 has 4 bytes, not 8", () -> open(TorchBytes.zip(pickle, 1)));
    assertRefused(
        "storage 0 is missing",
        () -> open(TorchBytes.archive("data.pkl", pickle, "version", version)));
    assertRefused("without data.pkl", () -> open(TorchBytes.archive("version", version)));
    assertRefused("TorchScript", () -> open(TorchBytes.archive("constants.pkl", version)));
    assertRefused(
        "big-endian",
        () ->
            open(
                TorchBytes.archive(
                    "data.pkl",
                    pickle,
                    "version",
                    version,
                    "byteorder",
                    "big".getBytes(StandardCharsets.US_ASCII))));
    assertRefused(
        "after the end of data.pkl",
        () -> open(TorchBytes.zip(TorchBytes.join(pickle, version), 1, 2)));
    assertRefused("has 1 elements, not 2", () -> open(TorchBytes.legacy(pickle, 1)));
    byte[] good = TorchBytes.legacy(pickle, 1, 2);
    assertRefused("1 bytes after the last", () -> open(TorchBytes.join(good, version)));
    assertRefused("big-endian", () -> open(TorchBytes.join(TorchBytes.legacyHead(false), pickle)));
    byte[] none = pickle().op(']', '.').toByteArray();
    assertRefused(
        "are missing", () -> open(TorchBytes.join(TorchBytes.legacyHead(true), pickle, none)));
    byte[] odd = pickle().op(']').text("9").op('a', '.').toByteArray();
    assertRefused(
        "no tensor uses", () -> open(TorchBytes.join(TorchBytes.legacyHead(true), pickle, odd)));
    byte[] again = pickle().op(']', '(').text("0").text("0").op('e', '.').toByteArray();
    byte[] storage = TorchBytes.join(new byte[] {2, 0, 0, 0, 0, 0, 0, 0}, TorchBytes.floats(1, 2));
    assertRefused(
        "stands twice",
        () -> open(TorchBytes.join(TorchBytes.legacyHead(true), pickle, again, storage, storage)));
  }

  @Test
  void saysWhatAFileMayBeInstead() {
    assertRefused("a real HDF5 file", () -> open(new byte[] {(byte) 0x89, 'H', 'D', 'F', 13, 10}));
    assertRefused("a gzip file", () -> open(new byte[] {0x1f, (byte) 0x8b, 8}));
    assertRefused("a plain pickle", () -> open(TorchBytes.resource("golden_itos.pkl")));
    assertRefused("a web page", () -> open("<html>".getBytes(StandardCharsets.US_ASCII)));
    assertRefused("neither as a ZIP", () -> open(new byte[0]));
    byte[] tar = new byte[300];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertRefused("a tar file", () -> open(tar));
    assertRefused("no such file", () -> TorchFile.open(dir.resolve("absent")));
  }
}
