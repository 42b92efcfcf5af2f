package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.embed.Embeddings;
import org.ulmfit.embed.EncoderReading;
import org.ulmfit.embed.Pooling;
import org.ulmfit.embed.SentenceEncoder;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Safetensors.DType;
import org.ulmfit.model.EncoderUse;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.ngram.DenseModel;

/**
 * A model on a sentence encoder's vectors as {@code model.safetensors} and {@code config.json} hold
 * it:
 *
 * <pre>
 * weights     F32 (outputs, dimension)
 * intercepts  F32 (outputs)
 * </pre>
 *
 * @param embeddings of the encoder at work
 */
public record EmbeddingWeights(
    Embeddings embeddings, EncoderReading reading, DenseModel model, int unknown) {
  private static final String WEIGHTS = "weights";
  private static final String INTERCEPTS = "intercepts";

  List<Safetensors.Entry> entries() {
    float[][] weights = model.weights();
    return List.of(
        Safetensors.Entry.floats(
            WEIGHTS, new long[] {weights.length, weights[0].length}, () -> flat(weights)),
        Safetensors.Entry.floats(
            INTERCEPTS, new long[] {weights.length}, () -> model.intercepts()));
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
    }
    return flat;
  }

  /** What {@code config.json} says of it. */
  EncoderUse config(String sha256, int classes) {
    return new EncoderUse(
        sha256,
        embeddings.dimension(),
        reading.pooling().name().toLowerCase(Locale.ROOT),
        reading.normalise(),
        reading.window(),
        reading.overlap(),
        reading.windows(),
        Arrays.stream(reading.start()).boxed().toList(),
        Arrays.stream(reading.end()).boxed().toList(),
        unknown,
        classes);
  }

  /**
   * Opens a saved one to answer.
   *
   * @throws UlmfitException (bad model) if it does not fit together; (failure) if ONNX Runtime is
   *     not there
   */
  static Inference open(Opening saved) {
    ModelConfig config = saved.config();
    ModelFolder folder = Objects.requireNonNull(saved.folder()); // which holds its encoder
    Safetensors.Reader file = saved.weights();
    EncoderUse its = config.sizes(EncoderUse.class);
    if (!folder.sha256(EncoderUse.MODEL).equals(its.sha256())) {
      throw damaged(file, "was made with another " + EncoderUse.MODEL);
    }
    boolean binary = config.labelling() == Labelling.SINGLE && its.classes() == 2;
    DenseModel model = model(file, binary ? 1 : its.classes(), its.dimension());
    EncoderReading reading = reading(its);
    SentenceEncoder encoder = SentenceEncoder.open(folder.file(EncoderUse.MODEL), reading);
    if (encoder.dimension() != its.dimension()) {
      encoder.close();
      throw damaged(file, "its encoder gives " + encoder.dimension() + " numbers");
    }
    Embeddings embeddings =
        saved.vectors() == null
            ? Embeddings.of(encoder)
            : Embeddings.kept(encoder, saved.vectors(), its.sha256());
    return new EmbeddingInference(embeddings, model, config.labelling(), its.unknown());
  }

  private static EncoderReading reading(EncoderUse its) {
    return new EncoderReading(
        Pooling.valueOf(its.pooling().toUpperCase(Locale.ROOT)),
        its.normalise(),
        its.window(),
        its.overlap(),
        its.windows(),
        its.start().stream().mapToInt(id -> id).toArray(),
        its.end().stream().mapToInt(id -> id).toArray());
  }

  private static DenseModel model(Safetensors.Reader file, int outputs, int dimension) {
    float[] flat = floats(file, WEIGHTS, outputs, dimension);
    float[][] weights = new float[outputs][];
    Arrays.setAll(weights, o -> Arrays.copyOfRange(flat, o * dimension, (o + 1) * dimension));
    return new DenseModel(weights, floats(file, INTERCEPTS, outputs), true);
  }

  private static float[] floats(Safetensors.Reader file, String name, long... shape) {
    Safetensors.Info info = file.info(name);
    if (info.dtype() != DType.F32 || !Arrays.equals(info.shape(), shape)) {
      throw damaged(
          file,
          "tensor "
              + name
              + " is "
              + info.dtype()
              + " "
              + Arrays.toString(info.shape())
              + " where F32 "
              + Arrays.toString(shape)
              + " belongs");
    }
    float[] values = new float[(int) info.elements()];
    file.read(name, values);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw damaged(file, "tensor " + name + " has the value " + value);
      }
    }
    return values;
  }

  private static UlmfitException damaged(Safetensors.Reader file, String what) {
    return UlmfitException.badModel(file.path() + ": " + what + "; fit it again");
  }
}
