package org.ulmfit.ngram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Safetensors.DType;
import org.ulmfit.io.Safetensors.Entry;

/**
 * A classifier as tensors of a file, and back:
 *
 * <pre>
 * ngrams.1.prefix, ngrams.1.last   I32 (n-grams)           {@link Ngrams#prefixes} and lasts, for
 * ngrams.2.prefix ...                                      each length up to the longest
 * idf                              F32 (columns)           only where counts are weighted
 * weights                          F32 (outputs, columns)
 * intercepts                       F32 (outputs)
 * scaling                          F64 (outputs, 2)        slope and offset; only where there are
 * </pre>
 */
public final class NgramTensors {
  private static final String IDF = "idf";
  private static final String WEIGHTS = "weights";
  private static final String INTERCEPTS = "intercepts";
  private static final String SCALING = "scaling";

  private final Safetensors.Reader reader;

  NgramTensors(Safetensors.Reader reader) {
    this.reader = reader;
  }

  /**
   * What is not in the tensors.
   *
   * @param classes number of labels
   * @param shortest number of tokens of the shortest n-gram with a column
   * @param sublinear {@link TfIdf#sublinear}; of no meaning without idf
   */
  public record Form(Labelling labelling, int classes, int shortest, boolean sublinear) {}

  /** The tensors of a classifier, to be written once. */
  public static List<Entry> entries(NgramClassifier classifier) {
    Ngrams ngrams = classifier.ngrams();
    NgramModel model = classifier.model();
    List<Entry> entries = entries(ngrams, model.tfIdf());
    entries.add(weights(model.weights(), ngrams.columns()));
    float[] intercepts = model.intercepts();
    entries.add(Entry.floats(INTERCEPTS, new long[] {intercepts.length}, () -> intercepts));
    PlattScaling[] scalings = classifier.scalings();
    if (scalings != null) {
      entries.add(new Entry(SCALING, DType.F64, shape(scalings), () -> bytes(scalings)));
    }
    return entries;
  }

  /** Those of n-grams and what they weigh. */
  static List<Entry> entries(Ngrams ngrams, @Nullable TfIdf tfIdf) {
    List<Entry> entries = new ArrayList<>();
    for (int n = 1; n <= ngrams.longest(); n++) {
      int length = n;
      entries.add(ints(prefix(n), ngrams.size(n), () -> ngrams.prefixes(length)));
      entries.add(ints(last(n), ngrams.size(n), () -> ngrams.lasts(length)));
    }
    if (tfIdf != null) {
      entries.add(Entry.floats(IDF, new long[] {tfIdf.idf().length}, tfIdf::idf));
    }
    return entries;
  }

  private static long[] shape(PlattScaling[] scalings) {
    return new long[] {scalings.length, 2};
  }

  private static String prefix(int length) {
    return "ngrams." + length + ".prefix";
  }

  private static String last(int length) {
    return "ngrams." + length + ".last";
  }

  private static Entry ints(String name, int size, Supplier<int[]> values) {
    return new Entry(
        name,
        DType.I32,
        new long[] {size},
        () -> {
          ByteBuffer to = buffer(Integer.BYTES, size);
          to.asIntBuffer().put(values.get());
          return to;
        });
  }

  /** An output's row at a time: together they may be more than an array holds. */
  private static Entry weights(float[][] weights, int columns) {
    int[] next = {0};
    return new Entry(
        WEIGHTS,
        DType.F32,
        new long[] {weights.length, columns},
        () -> {
          ByteBuffer to = buffer(Float.BYTES, columns);
          to.asFloatBuffer().put(weights[next[0]++]);
          return to;
        });
  }

  private static ByteBuffer bytes(PlattScaling[] scalings) {
    ByteBuffer to = buffer(Double.BYTES, 2 * scalings.length);
    for (PlattScaling scaling : scalings) {
      to.putDouble(scaling.slope()).putDouble(scaling.offset());
    }
    return to.flip();
  }

  private static ByteBuffer buffer(int width, int elements) {
    int bytes = Math.multiplyExact(width, elements);
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A classifier of its tensors.
   *
   * @throws UlmfitException (bad model) if one is missing, damaged or does not fit the others
   */
  public static NgramClassifier classifier(Safetensors.Reader reader, Form form) {
    return new NgramTensors(reader).classifier(form);
  }

  private NgramClassifier classifier(Form form) {
    Ngrams ngrams = ngrams(form.shortest);
    int columns = ngrams.columns();
    int outputs = form.labelling == Labelling.SINGLE && form.classes == 2 ? 1 : form.classes;
    TfIdf tfIdf = tfIdf(ngrams, form.sublinear);
    shaped(WEIGHTS, DType.F32, outputs, columns); // before so much memory is taken
    float[][] weights = new float[outputs][columns];
    for (int output = 0; output < outputs; output++) {
      reader.read(WEIGHTS, (long) output * columns, weights[output], 0, columns);
      finite(WEIGHTS, weights[output]);
    }
    NgramModel model = new NgramModel(tfIdf, weights, floats(INTERCEPTS, outputs), true);
    return new NgramClassifier(form.labelling, ngrams, model, scalings(outputs));
  }

  Ngrams ngrams(int shortest) {
    int longest = 0;
    while (reader.contains(prefix(longest + 1)) && longest < Ngrams.LONGEST) {
      longest++;
    }
    return Ngrams.of(
        shortest, each(longest, n -> ints(prefix(n))), each(longest, n -> ints(last(n))));
  }

  /** What n-grams weigh; null: there are no weights. */
  @Nullable TfIdf tfIdf(Ngrams ngrams, boolean sublinear) {
    return reader.contains(IDF) ? new TfIdf(floats(IDF, ngrams.columns()), sublinear) : null;
  }

  private static int[][] each(int longest, IntFunction<int[]> of) {
    int[][] all = new int[longest][];
    Arrays.setAll(all, n -> of.apply(n + 1));
    return all;
  }

  int[] ints(String name) {
    LongBuffer values = reader.longs(name);
    int[] ints = new int[values.remaining()];
    for (int i = 0; i < ints.length; i++) {
      long value = values.get(i);
      if (value != (int) value) {
        throw broken(name, "number " + value);
      }
      ints[i] = (int) value;
    }
    return ints;
  }

  private float[] floats(String name, int size) {
    shaped(name, DType.F32, size);
    float[] values = new float[size];
    reader.read(name, values);
    finite(name, values);
    return values;
  }

  private PlattScaling @Nullable [] scalings(int outputs) {
    if (!reader.contains(SCALING)) {
      return null;
    }
    shaped(SCALING, DType.F64, outputs, 2);
    DoubleBuffer values = reader.bytes(SCALING).asDoubleBuffer();
    PlattScaling[] scalings = new PlattScaling[outputs];
    for (int output = 0; output < outputs; output++) {
      scalings[output] = new PlattScaling(values.get(), values.get());
      if (!Double.isFinite(scalings[output].slope() + scalings[output].offset())) {
        throw broken(SCALING, "no number for output " + output);
      }
    }
    return scalings;
  }

  private void shaped(String name, DType type, long... shape) {
    Safetensors.Info info = reader.info(name);
    if (info.dtype() != type || !Arrays.equals(info.shape(), shape)) {
      String is = info.dtype() + " " + Arrays.toString(info.shape());
      throw broken(name, is + " where " + type + " " + Arrays.toString(shape) + " belongs");
    }
  }

  private void finite(String name, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw broken(name, "value " + value);
      }
    }
  }

  UlmfitException broken(String name, String what) {
    return UlmfitException.badModel(
        reader.path() + ": tensor " + name + " is damaged (" + what + "); train again");
  }
}
