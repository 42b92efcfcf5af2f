package org.ulmfit.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.CardFiles;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.Tempering;
import org.ulmfit.runtimes.NetworkExport;
import org.ulmfit.vocab.Vocab;

/**
 * A model folder leaves for other programs:
 *
 * <pre>
 * FASTAI       OUT/lm.pth, encoder.pth or classifier.pth, and OUT/itos.pkl
 * SAFETENSORS  OUT/lm.safetensors ... with fastai 2's names, and OUT/itos.json
 * FOLDER       a model folder again, for smaller weights
 * TORCHSCRIPT, ONNX   a classifier's network, as {@link NetworkExport} writes it
 * </pre>
 *
 * A classifier brings its {@code labels.json}, weights alone a {@code model.json} of what they do
 * not say: direction, text rules, task and thresholds. Weights without a {@code config.json} have
 * its temperature in the last layer, so that they give the same logits.
 */
public final class WeightsExport {

  private static final ObjectMapper JSON = PrettyJson.mapper();

  /** Direction, text rules, columns, task and thresholds, as {@code config.json} has them. */
  private static final String MODEL = "model.json";

  private static final String TOKENIZER = "tokenizer.json";

  /** Written by the folder itself. */
  private static final Set<String> OWN = Set.of("model.safetensors", "checksums.txt");

  /** Weight and bias of the layer whose outputs are the logits. */
  private static final String LAST = "1.layers.1.2.";

  private final ModelFolder model;
  private final ModelConfig config;
  private final Vocab vocab;
  private final Safetensors.Reader weights;

  private WeightsExport(ModelFolder model, Safetensors.Reader weights) {
    this.model = model;
    this.config = ModelConfig.of(model);
    this.vocab = config.vocabulary(model);
    this.weights = weights;
  }

  /**
   * Writes the job's folder, aside and renamed.
   *
   * @return the files written
   * @throws UlmfitException (usage) if the folder exists, or if the format has no F16 or no card;
   *     (bad model) if the model is not complete
   */
  public static List<Path> write(ExportJob job) {
    NetworkExport.Program program = job.format().program();
    if (program != null) {
      ModelFolder classifier = ModelFolder.open(job.model(), "classifier");
      checkNew(job.out());
      return NetworkExport.write(classifier, program, job.out());
    }
    ModelFolder model =
        job.kind() == null
            ? ModelFolder.open(job.model())
            : ModelFolder.open(job.model(), job.kind());
    ModelConfig config = ModelConfig.of(model);
    if (config.architecture() == null) {
      throw UlmfitException.usage(
          model.path()
              + ": of the family "
              + config.family()
              + (config.network() == null
                  ? ", which has no network to export; copy its folder"
                  : ", which is no AWD-LSTM; take --format torchscript, djl or onnx, or copy its folder"));
    }
    Path out = job.out();
    checkNew(out);
    try (Safetensors.Reader weights = Safetensors.Reader.open(model.file("model.safetensors"))) {
      WeightsExport export = new WeightsExport(model, weights);
      return switch (job.format()) {
        case FASTAI -> export.fastai(out);
        case SAFETENSORS -> export.safetensors(out, job.weights());
        case FOLDER -> export.folder(out, job.weights(), job.card());
        case TORCHSCRIPT, DJL, ONNX ->
            throw new IllegalStateException(job.format() + " is a program");
      };
    }
  }

  private static void checkNew(Path out) {
    if (Files.exists(out)) {
      throw UlmfitException.usage(out + ": exists already; choose another folder");
    }
  }

  private List<Path> fastai(Path out) {
    String weightsName = config.kind() + ".pth";
    AtomicFiles.writeFolder(
        out,
        dir -> {
          TorchWriter.write(dir.resolve(weightsName), torchTensors());
          VocabPickle.write(dir.resolve("itos.pkl"), vocab.itos());
          beside(dir);
        });
    return files(out, weightsName, "itos.pkl", MODEL);
  }

  /** With the aliases fastai's loaders ask for, which share the storage of what they repeat. */
  private List<TorchWriter.Tensor> torchTensors() {
    List<TorchWriter.Tensor> tensors = new ArrayList<>();
    for (String ours : weights.tensors().keySet()) {
      String theirs = theirs(ours);
      tensors.add(TorchWriter.Tensor.of(theirs, weights.info(ours).shape(), () -> tempered(ours)));
      if (ours.endsWith(FastaiNames.EMBEDDING)) {
        String prefix = ours.substring(0, ours.length() - FastaiNames.EMBEDDING.length());
        tensors.add(TorchWriter.Tensor.alias(prefix + "encoder_dp.emb.weight", theirs));
      } else if (ours.endsWith(FastaiNames.RAW) && (config.head() == null || hasHeadOfFastai1())) {
        // fastai 1 insists on W_hh under both names; fastai 2 drops the second one when it loads a
        // language model or an encoder, not when it loads a classifier
        String copy = ours.replace(FastaiNames.RAW, "module.weight_hh_l0");
        tensors.add(TorchWriter.Tensor.alias(copy, theirs));
      }
    }
    if (config.kind().equals("lm")) {
      tensors.add(TorchWriter.Tensor.alias("1.decoder.weight", "0." + FastaiNames.EMBEDDING));
    }
    return tensors;
  }

  /** A head with biases is one of fastai 1, which numbers its modules 0, 2, 4, 6. */
  private boolean hasHeadOfFastai1() {
    return config.head() != null && config.head().bias();
  }

  private String theirs(String ours) {
    if (!hasHeadOfFastai1() || !ours.startsWith("1.layers.")) {
      return ours;
    }
    String[] part = ours.split("\\.", 5); // 1 layers BLOCK MODULE tensor
    int number = 4 * Integer.parseInt(part[2]) + Integer.parseInt(part[3]);
    return "1.layers." + number + "." + part[4];
  }

  private List<Path> safetensors(Path out, ExportJob.Weights stored) {
    String weightsName = config.kind() + ".safetensors";
    AtomicFiles.writeFolder(
        out,
        dir -> {
          writeWeights(dir.resolve(weightsName), stored, this::tempered);
          JSON.writeValue(dir.resolve("itos.json").toFile(), vocab.itos());
          beside(dir);
        });
    return files(out, weightsName, "itos.json", MODEL);
  }

  private List<Path> folder(Path out, ExportJob.Weights stored, @Nullable Path card) {
    ModelFolder.write(
        out,
        false,
        dir -> {
          for (String name : model.files()) {
            if (!OWN.contains(name)) {
              Files.createDirectories(dir.resolve(name).getParent());
              AtomicFiles.copy(model.file(name), dir.resolve(name));
            }
          }
          writeWeights(dir.resolve("model.safetensors"), stored, this::values);
          if (card != null) {
            AtomicFiles.copy(card, dir.resolve(ModelFolder.CARD));
          } else if (stored != ExportJob.Weights.FLOAT32) {
            CardFiles.restate(dir); // it tells of float32
          }
        });
    return files(out, "model.safetensors");
  }

  private void writeWeights(Path file, ExportJob.Weights stored, Function<String, float[]> values) {
    List<Safetensors.Entry> entries = new ArrayList<>();
    for (String name : weights.tensors().keySet()) {
      long[] shape = weights.info(name).shape();
      if (stored == ExportJob.Weights.INT8 && shape.length == 2) {
        entries.addAll(Safetensors.Entry.bytes(name, shape, () -> values.apply(name)));
      } else {
        entries.add(
            stored == ExportJob.Weights.HALF
                ? Safetensors.Entry.halves(name, shape, () -> values.apply(name))
                : Safetensors.Entry.floats(name, shape, () -> values.apply(name)));
      }
    }
    Safetensors.write(file, weights.metadata(), entries);
  }

  private float[] values(String name) {
    float[] values = new float[Math.toIntExact(weights.info(name).elements())];
    weights.read(name, values);
    return values;
  }

  private float[] tempered(String name) {
    float[] values = values(name);
    return name.startsWith(LAST)
        ? Tempering.divided(new float[][] {values}, config.divisor())[0]
        : values;
  }

  /** What weights and vocabulary do not say. */
  private void beside(Path dir) throws IOException {
    Files.writeString(
        dir.resolve(MODEL), config.withTemperature(null).json()); // it is in the weights
    if (config.kind().equals("classifier")) {
      AtomicFiles.copy(model.file("labels.json"), dir.resolve("labels.json"));
    }
    if (model.has(TOKENIZER)) { // its pieces are of no use without it
      AtomicFiles.copy(model.file(TOKENIZER), dir.resolve(TOKENIZER));
    }
  }

  private static List<Path> files(Path out, String... names) {
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      files.add(out.resolve(name));
    }
    return files;
  }
}
