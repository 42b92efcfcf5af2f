package org.ulmfit.lm;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.TiedDecoder;
import org.ulmfit.nn.Weights;
import org.ulmfit.vocab.Remap;
import org.ulmfit.vocab.Vocab;

/**
 * A saved language model or encoder whose weights start another one: its LSTMs are copied, its
 * embedding rows (and decoder bias) are remapped onto the other vocabulary.
 */
public final class Pretrained {

  private final ModelFolder folder;
  private final ModelConfig config;
  private final Vocab vocab;

  private Pretrained(ModelFolder folder, ModelConfig config, Vocab vocab) {
    this.folder = folder;
    this.config = config;
    this.vocab = vocab;
  }

  /**
   * Opens a model folder or a run that holds one.
   *
   * @param preferred {@code lm} or {@code encoder}: which to take from a run that has both; {@code
   *     classifier}: a classifier whose encoder it is
   * @throws UlmfitException (bad model) if there is none
   */
  public static Pretrained open(Path dir, String preferred) {
    boolean itself = Files.exists(dir.resolve("config.json"));
    ModelFolder folder = itself ? ModelFolder.open(dir) : ModelFolder.open(dir, preferred);
    ModelConfig config = ModelConfig.of(folder);
    boolean wanted = preferred.equals("classifier");
    if (wanted != config.kind().equals("classifier")) {
      throw UlmfitException.badModel(
          dir
              + (wanted
                  ? ": holds no classifier; give its language model or encoder with --encoder"
                  : ": holds a classifier where a language model or an encoder is needed"));
    }
    if (config.architecture() == null) {
      throw UlmfitException.badModel(
          dir
              + ": of the family "
              + config.family()
              + ", which does not go on; fit it again on all rows with --family "
              + config.family());
    }
    if (!config.family().equals(ModelConfig.AWD_LSTM)) {
      throw UlmfitException.badModel(
          dir + ": its family, " + config.family() + ", is not known here; install a newer ulmfit");
    }
    return new Pretrained(folder, config, config.vocabulary(folder));
  }

  public ModelConfig config() {
    return config;
  }

  public Vocab vocab() {
    return vocab;
  }

  public Path path() {
    return folder.path();
  }

  /**
   * Copies the weights into an encoder of the same sizes and another vocabulary.
   *
   * @param decoder null, or the decoder whose bias is remapped too
   * @param counts occurrences of each new id in the corpus, for the report
   * @return whether it has a bias for the decoder
   */
  public boolean copyInto(
      AwdLstm encoder,
      @Nullable TiedDecoder decoder,
      Vocab local,
      Recipe.Remap options,
      long[] counts,
      Consumer<String> report) {
    String prefix = prefix();
    try (Safetensors.Reader file = weights()) {
      for (int l = 0; l < encoder.sizes().layers(); l++) {
        for (Parameter p : encoder.layer(l)) {
          Tensors.read(file, prefix + p.name(), p.value());
        }
      }
      Parameter embedding = encoder.embedding();
      Remap.Result rows =
          remap(file, prefix + embedding.name(), encoder.sizes().embedding(), local, options);
      Tensors.set(embedding.value(), FloatBuffer.wrap(rows.rows()));
      report.accept(path() + ": " + rows.describe(counts));
      String bias = "1.decoder.bias";
      if (decoder != null && decoder.hasBias() && file.contains(bias)) {
        Remap.Result remapped = remap(file, bias, 1, local, options);
        Tensors.set(decoder.bias().value(), FloatBuffer.wrap(remapped.rows()));
        return true;
      }
      return false;
    }
  }

  /** Of the encoder's tensors in the file. */
  private String prefix() {
    return switch (config.kind()) {
      case "lm" -> "0.";
      case "classifier" -> "0.module.";
      default -> "";
    };
  }

  /** A classifier's labels in index order. */
  public List<String> labels() {
    return folder.labels();
  }

  /** The file of its weights, to be closed. */
  public Safetensors.Reader weights() {
    return Safetensors.Reader.open(folder.file("model.safetensors"));
  }

  /** A language model with exactly these weights. */
  LanguageModel languageModel(Backend backend) {
    LanguageModel model =
        new LanguageModel(backend.manager(), backend.kernels(), config.awdLstm(), Weights.ZERO);
    try (Safetensors.Reader file = weights()) {
      model.tensors().forEach((name, array) -> Tensors.read(file, name, array));
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private Remap.Result remap(
      Safetensors.Reader file, String name, int width, Vocab local, Recipe.Remap options) {
    float[] old = new float[Math.multiplyExact(vocab.size(), width)]; // (old V, width)
    file.read(name, old);
    return Remap.rows(old, width, vocab, local, options.zeroIsMissing(), options.aliasSpecials());
  }
}
