package org.ulmfit.embed;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ulmfit.UlmfitException;

/**
 * A sentence encoder at work: the ids of a text's pieces in, a vector out. Texts longer than its
 * window are read in overlapping windows, whose vectors are averaged. Batches run side by side on
 * all processors, one thread each; what a text comes to depends on no other text, but for the last
 * bits. A model that quantises activations by the range of its whole batch reads texts one by one
 * for that. Thread-safe.
 */
public final class SentenceEncoder implements AutoCloseable {
  private static final int TOKENS = 2048; // rows times longest row of a batch

  /** Pieces that tell the dimension. */
  static final int FEW = 32;

  private final OnnxModel model;
  private final EncoderReading reading;
  private final int dimension;

  private SentenceEncoder(OnnxModel model, EncoderReading reading, int pieces) {
    this.model = model;
    this.reading = reading;
    this.dimension = vectors(new int[1][Math.min(pieces, reading.room())])[0].length;
  }

  /**
   * @param pieces that are read with it to see whether it can: attention over a long window takes
   *     its time, and memory by the square
   */
  static SentenceEncoder of(OnnxFile file, EncoderReading reading, int pieces) {
    OnnxModel model = OnnxModel.open(file, reading.pooling());
    try {
      return new SentenceEncoder(model, reading, pieces);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * Opens a model file that was read with before, and tries it on a few pieces.
   *
   * @throws UlmfitException (bad model) if it is no encoder of texts; (failure) if ONNX Runtime is
   *     not there
   */
  public static SentenceEncoder open(Path onnx, EncoderReading reading) {
    return of(OnnxFile.of(onnx), reading, FEW);
  }

  /** Numbers in a vector. */
  public int dimension() {
    return dimension;
  }

  EncoderReading reading() {
    return reading;
  }

  /** A window of a text, with start and end. */
  private record Window(int text, int[] ids) {}

  /**
   * The vectors of texts.
   *
   * @param texts (texts, pieces) ids; a text may be empty
   * @return (texts, dimension)
   * @throws UlmfitException (bad model) if the model cannot read them
   */
  public float[][] vectors(int[][] texts) {
    List<Window> windows = new ArrayList<>();
    for (int t = 0; t < texts.length; t++) {
      for (int[] ids : reading.windows(texts[t])) {
        windows.add(new Window(t, ids));
      }
    }
    float[][] each = new float[windows.size()][]; // (windows, dimension)
    List<Integer> order = new ArrayList<>();
    for (int w = 0; w < each.length; w++) {
      order.add(w);
    }
    order.sort(Comparator.comparingInt(w -> -windows.get(w).ids.length));
    batches(order, windows).parallelStream().forEach(batch -> read(batch, windows, each));
    double[][] sums = new double[texts.length][each[0].length];
    int[] counts = new int[texts.length];
    for (int w = 0; w < each.length; w++) { // in their order, whatever the threads'
      int text = windows.get(w).text;
      counts[text]++;
      for (int i = 0; i < each[w].length; i++) {
        sums[text][i] += each[w][i];
      }
    }
    float[][] vectors = new float[texts.length][];
    Arrays.setAll(vectors, t -> finished(sums[t], counts[t]));
    return vectors;
  }

  /** Windows of about the same length, the longest first. */
  private List<List<Integer>> batches(List<Integer> order, List<Window> windows) {
    List<List<Integer>> batches = new ArrayList<>();
    List<Integer> batch = new ArrayList<>();
    for (int w : order) {
      int longest = batch.isEmpty() ? 0 : windows.get(batch.get(0)).ids.length;
      if (!batch.isEmpty() && (model.dependsOnBatch() || (batch.size() + 1) * longest > TOKENS)) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(w);
    }
    batches.add(batch);
    return batches;
  }

  private void read(List<Integer> batch, List<Window> windows, float[][] each) {
    List<int[]> rows = batch.stream().map(w -> windows.get(w).ids).toList();
    int length = rows.get(0).length;
    if (length == 0) { // nothing to read: an empty text without marks around it
      batch.forEach(w -> each[w] = new float[dimension]);
      return;
    }
    FloatBuffer states = model.run(rows, length);
    boolean own = reading.pooling() == Pooling.OWN;
    int width = states.remaining() / (rows.size() * (own ? 1 : length));
    for (int row = 0; row < rows.size(); row++) {
      if (rows.get(row).length == 0) { // the same beside others
        each[batch.get(row)] = new float[dimension];
        continue;
      }
      int at = row * width * (own ? 1 : length);
      int tokens = reading.pooling() == Pooling.MEAN ? rows.get(row).length : 1;
      double[] sum = new double[width];
      for (int token = 0; token < tokens; token++) {
        for (int i = 0; i < width; i++) {
          sum[i] += states.get(at + token * width + i);
        }
      }
      each[batch.get(row)] = finished(sum, tokens);
    }
  }

  /** The mean, of length 1 where the reading says so. */
  private float[] finished(double[] sum, int count) {
    double norm = 0;
    for (double element : sum) {
      norm += element * element;
    }
    // a vector of zeros stays one
    double divisor = !reading.normalise() ? count : norm == 0 ? 1 : Math.sqrt(norm);
    float[] vector = new float[sum.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (sum[i] / divisor);
    }
    return vector;
  }

  @Override
  public void close() {
    model.close();
  }
}
