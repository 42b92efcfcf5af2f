package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;

/** Weights laid out once read as the live ones do, from memory and from a mapped file. */
@Tag("engine")
class InferenceEncoderTest extends EngineFixture {

  private static final long[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};

  private AwdLstm encoder;
  @TempDir private Path dir;

  @BeforeEach
  void build() {
    Torch.seed(3);
    encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(10, 8, 13, 3));
  }

  private NDArray ids() {
    return manager.create(IDS, new Shape(6, 2));
  }

  private float[] live(Kernels with, AwdLstm model) {
    AwdLstm.State zero = model.zeroState(manager, 2);
    return floats(with.one(manager, "to_float", model.evaluate(manager, ids(), zero).top()));
  }

  private float[] read(Kernels with, InferenceEncoder reading) {
    AwdLstm.State zero = AwdLstm.zeroState(manager, reading.sizes(), 2);
    return floats(with.one(manager, "to_float", reading.read(manager, ids(), zero).top()));
  }

  @Test
  void readsAsTheLiveWeightsDo() {
    for (boolean packed : kernels.packs() ? new boolean[] {false, true} : new boolean[] {false}) {
      try (InferenceEncoder reading = InferenceEncoder.of(manager, encoder, packed)) {
        assertArrayEquals(live(kernels, encoder), read(kernels, reading), 1e-6f);
      }
    }
  }

  @Test
  void readsInBfloat16AsTheLiveWeightsDo() {
    try (Kernels half = Kernels.load(Device.cpu(), Kernels.Arithmetic.BFLOAT16)) {
      Torch.seed(3);
      AwdLstm model = new AwdLstm(manager, half, encoder.sizes());
      float[] expected = live(half, model);
      for (boolean packed : half.packs() ? new boolean[] {false, true} : new boolean[] {false}) {
        try (InferenceEncoder reading = InferenceEncoder.of(manager, model, packed)) {
          assertArrayEquals(expected, read(half, reading), 2e-3f);
        }
      }
      assertArrayEquals(live(kernels, encoder), expected, 2e-2f);
    }
  }

  /** A state of more rows than are read: the first ones go on. */
  @Test
  void theFirstRowsOfAStateGoOn() {
    try (InferenceEncoder reading = InferenceEncoder.of(manager, encoder)) {
      AwdLstm.State both =
          reading.read(manager, ids(), AwdLstm.zeroState(manager, encoder.sizes(), 2)).state();
      NDArray one = manager.create(new long[] {7, 7, 1}, new Shape(3, 1));
      NDArray two = manager.create(new long[] {7, 2, 7, 3, 1, 4}, new Shape(3, 2));
      float[] alone = floats(reading.read(manager, one, both).top()); // (3, 1, 8)
      float[] together = floats(reading.read(manager, two, both).top()); // (3, 2, 8)
      for (int t = 0; t < 3; t++) {
        for (int e = 0; e < 8; e++) {
          assertEquals(together[t * 16 + e], alone[t * 8 + e], 1e-6f);
        }
      }
    }
  }

  private Map<String, Safetensors.Entry> entries(Safetensors.DType dtype) {
    Map<String, Safetensors.Entry> all = new LinkedHashMap<>();
    for (Parameter p : encoder.parameters()) {
      float[] values = floats(p.value());
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      for (float v : values) {
        if (dtype == Safetensors.DType.F32) {
          bytes.putFloat(v);
        } else {
          bytes.putShort((short) (Float.floatToIntBits(v) >>> 16));
        }
      }
      bytes.flip();
      long[] shape = p.value().getShape().getShape();
      all.put(p.name(), new Safetensors.Entry("x." + p.name(), dtype, shape, () -> bytes));
    }
    return all;
  }

  private float[] stored(Map<String, Safetensors.Entry> entries, AwdLstm.Sizes sizes) {
    Path file = dir.resolve("weights.safetensors");
    Safetensors.write(file, Map.of(), new ArrayList<>(entries.values()));
    try (InferenceEncoder reading = opened(file, sizes)) {
      System.gc(); // unmaps what nobody holds
      return read(kernels, reading); // the file is closed; what is mapped stays
    }
  }

  private InferenceEncoder opened(Path file, AwdLstm.Sizes sizes) {
    try (Safetensors.Reader reader = Safetensors.Reader.open(file)) {
      return InferenceEncoder.open(manager, kernels, sizes, reader, "x.");
    }
  }

  @Test
  void readsFromAMappedFile() {
    float[] read = stored(entries(Safetensors.DType.F32), encoder.sizes());
    assertArrayEquals(live(kernels, encoder), read, 1e-6f);
    assertArrayEquals(
        read, stored(entries(Safetensors.DType.BF16), encoder.sizes()), 2e-2f, "stored in half");
  }

  @Test
  void aFileThatDoesNotFitIsABadModel() {
    Map<String, Safetensors.Entry> entries = entries(Safetensors.DType.F32);
    AwdLstm.Sizes other = new AwdLstm.Sizes(11, 8, 13, 3);
    UlmfitException shape = assertThrows(UlmfitException.class, () -> stored(entries, other));
    assertTrue(shape.getMessage().contains("encoder.weight has shape [10, 8]"), shape.getMessage());
    entries.remove("rnns.1.module.bias_hh_l0");
    UlmfitException missing =
        assertThrows(UlmfitException.class, () -> stored(entries, encoder.sizes()));
    assertEquals(
        dir.resolve("weights.safetensors") + ": tensor x.rnns.1.module.bias_hh_l0 is missing",
        missing.getMessage());
    assertEquals(List.of(4, 4), List.of(shape.kind().exitCode(), missing.kind().exitCode()));
  }

  /** The table is shared with the file: opening allocates no copy of it. */
  @Test
  void theTableIsNotCopied() {
    int rows = 300_000;
    AwdLstm.Sizes sizes = new AwdLstm.Sizes(rows, 100, 4, 1); // 120 MB of table
    Path file = dir.resolve("large.safetensors");
    Safetensors.Entry table =
        Safetensors.Entry.floats(
            "encoder.weight", new long[] {rows, 100}, () -> new float[rows * 100]);
    List<Safetensors.Entry> all = new ArrayList<>(List.of(table));
    long[][] shapes = {{400, 100}, {400, 100}, {400}, {400}};
    for (int k = 0; k < 4; k++) {
      int size = (int) new Shape(shapes[k]).size();
      all.add(Safetensors.Entry.floats(AwdLstm.name(0, k), shapes[k], () -> new float[size]));
    }
    Safetensors.write(file, Map.of(), all);
    try (Safetensors.Reader reader = Safetensors.Reader.open(file)) {
      long before = NativeMemory.outsideHeap();
      try (NDManager owner = manager.newSubManager();
          InferenceEncoder reading = InferenceEncoder.open(owner, kernels, sizes, reader, "")) {
        assertEquals(12, read(kernels, reading).length / 100);
        long grown = NativeMemory.outsideHeap() - before;
        assertTrue(grown < 40 << 20, "opening took " + (grown >> 20) + " MB");
      }
    }
  }
}
