package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever fails while nothing is recorded, a training on the same thread goes on recording. */
@Tag("engine")
class RecordingTest extends EngineFixture {

  private static final AwdLstm.Sizes SIZES = new AwdLstm.Sizes(6, 4, 5, 2);
  private static final int WORDS = 6;
  private static final int UNKNOWN = 600; // a word that no lookup finds

  private AwdLstm encoder() {
    AwdLstm encoder = new AwdLstm(manager, kernels, SIZES);
    encoder.parameters().forEach(p -> p.trainable(true));
    return encoder;
  }

  private NDArray ids(long... ids) {
    return manager.create(ids, new Shape(ids.length, 1));
  }

  @Test
  void aComputationRecordsAsItIsToldAndTheThreadAsBefore() {
    assertFalse(RecordingMode.on());
    assertTrue(Kernels.recording(true, RecordingMode::on));
    assertFalse(RecordingMode.on());
    assertTrue(
        Kernels.recording(
            true,
            () -> {
              assertFalse(Kernels.withoutRecording(RecordingMode::on));
              return RecordingMode.on();
            }));
    assertEquals(3, Kernels.withoutRecording(() -> 3));
  }

  @Test
  void whatFailsLeavesTheThreadRecordingAsBefore() {
    Runnable failing =
        () -> {
          throw new IllegalStateException();
        };
    RecordingMode.outlives(() -> Kernels.withoutRecording(failing));
    RecordingMode.outlives(() -> Kernels.recording(true, () -> ids(1).get(7, 7, 7)));
  }

  @Test
  void aLookup() {
    AwdLstm encoder = encoder();
    Masks masks = encoder.masks(manager, Masks.Rates.NONE, 1);
    RecordingMode.outlives(() -> encoder.lookup(manager, ids(UNKNOWN), masks));
    AwdLstm.State state = encoder.zeroState(manager, 1);
    RecordingMode.outlives(() -> encoder.evaluate(manager, ids(UNKNOWN), state));
  }

  @Test
  void theGradientOfALookup() {
    AwdLstm encoder = encoder();
    Masks masks = encoder.masks(manager, Masks.Rates.NONE, 1);
    AwdLstm.Lookup lookup = encoder.lookup(manager, ids(1, 2), masks);
    backward(() -> lookup.x().sum());
    AwdLstm.Lookup others = new AwdLstm.Lookup(ids(1, 2, 3), lookup.x(), lookup.rows());
    RecordingMode.outlives(() -> encoder.lookupBackward(manager, others, 1));
    encoder.lookupBackward(manager, lookup, 1); // and else it is computed
  }

  /** Chunks of two steps: the first three are read, the last one is pooled. */
  @Test
  void theChunksOfADocument() {
    DocumentEncoder.Layout layout = DocumentEncoder.Layout.MASKED;
    DocumentEncoder documents = new DocumentEncoder(encoder(), layout, 2, 2);
    for (int bad : new int[] {1, 7}) {
      long[] words = IntStream.range(0, 8).mapToLong(i -> i == bad ? UNKNOWN : 3).toArray();
      var batch = new DocumentEncoder.Batch(8, 1, words, new int[] {8});
      RecordingMode.outlives(() -> documents.train(manager, batch, Masks.Rates.NONE, true));
    }
    AwdLstm narrow = new AwdLstm(manager, kernels, SIZES);
    narrow.layer(1).get(1).value().close(); // fails in the LSTM, not in the lookup
    DocumentEncoder broken = new DocumentEncoder(narrow, layout, 2, 2);
    var batch = new DocumentEncoder.Batch(8, 1, new long[8], new int[] {8});
    RecordingMode.outlives(() -> broken.train(manager, batch, Masks.Rates.NONE, true));
  }

  @Test
  void theDecoders() {
    AwdLstm encoder = encoder();
    TiedDecoder full = new TiedDecoder(manager, encoder, false, 7);
    NDArray h = random(1, 1, 3, 4);
    NDArray targets = ids(1, 2, UNKNOWN).squeeze();
    RecordingMode.outlives(() -> full.lossAndGradients(manager, h, targets));
    SampledDecoder sampled = new SampledDecoder(encoder, full, 7);
    var words = new SampledDecoder.Negatives(new long[] {0, 1}, new float[2]);
    RecordingMode.outlives(() -> sampled.lossAndGradients(manager, h, targets, words));
  }

  @Test
  void weightsOfAnotherSize() {
    AwdLstm encoder = encoder();
    NDArray table = encoder.embedding().value();
    RecordingMode.outlives(() -> Tensors.set(table, FloatBuffer.wrap(new float[WORDS])));
    encoder.layer(0).get(0).value().close();
    RecordingMode.outlives(() -> InferenceEncoder.of(manager, encoder));
  }

  @Test
  void theNameOfARounding() {
    Kernels closed = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
    closed.close();
    RecordingMode.outlives(() -> Rounding.of(closed));
  }
}
