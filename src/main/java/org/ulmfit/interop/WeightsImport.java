package org.ulmfit.interop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.Evidence;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Vocab;

/**
 * Weights of fastai, or of anything that names its tensors so, become a model folder:
 *
 * <pre>
 * try (WeightsImport model = WeightsImport.open(job)) {
 *   model.describe().forEach(System.out::println);
 *   model.write(Path.of("wt103"), false);
 * }
 * </pre>
 *
 * Nothing is written before every tensor is known to fit.
 */
public final class WeightsImport implements AutoCloseable {

  private static final List<String> FLOATS = List.of("F32", "F16", "BF16", "F64");
  private static final int WINDOWS = 20; // of a document at most: fastai's default

  private final ImportJob job;
  private final @Nullable ScratchFolder scratch; // null: nothing was unpacked
  private final Path weightsPath;
  private final Path vocabularyPath;
  private final WeightsFile weights;
  private final FastaiNames names;
  private final Vocab vocab;
  private final ModelConfig config;

  private WeightsImport(
      ImportJob job, @Nullable ScratchFolder scratch, Path weightsPath, Path vocabularyPath) {
    this.job = job;
    this.scratch = scratch;
    this.weightsPath = weightsPath;
    this.vocabularyPath = vocabularyPath;
    this.weights =
        isSafetensors(weightsPath)
            ? WeightsFile.safetensors(weightsPath)
            : WeightsFile.torch(weightsPath);
    try {
      this.names = FastaiNames.of(job.weights().toString(), weights.tensors().keySet());
      checkDtypes();
      this.vocab = vocabulary(vocabularyPath);
      this.config = fit();
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /**
   * Reads names, shapes and vocabulary; the weights stay in their file.
   *
   * @throws UlmfitException (bad model) if the files are not what they should be or do not fit
   *     together; (usage) if something is missing
   */
  public static WeightsImport open(ImportJob job) {
    if (!Files.isRegularFile(job.weights())) {
      throw UlmfitException.usage(
          job.weights() + ": no such file; give a .pth, .h5, .safetensors or .tgz of weights");
    }
    if (!isGzip(job.weights())) {
      if (job.vocabulary() == null) {
        throw UlmfitException.usage(
            job.weights()
                + ": --vocab is missing; name the vocabulary of these weights, such as"
                + " itos_wt103.pkl");
      }
      return new WeightsImport(job, null, job.weights(), job.vocabulary());
    }
    ScratchFolder scratch = ScratchFolder.make();
    try {
      TorchArchive.Unpacked files = TorchArchive.unpack(job.weights(), scratch.path());
      Path vocabulary = job.vocabulary() == null ? files.vocabulary() : job.vocabulary();
      if (vocabulary == null) {
        throw UlmfitException.badModel(
            job.weights() + ": holds no vocabulary (.pkl); name it with --vocab");
      }
      return new WeightsImport(job, scratch, files.weights(), vocabulary);
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  private void checkDtypes() {
    List<String> wrong = new ArrayList<>();
    for (String name : names.sources().values()) {
      WeightsFile.Tensor tensor = weights.tensor(name);
      if (!FLOATS.contains(tensor.dtype())) {
        wrong.add(name + " (" + tensor.dtype() + ")");
      }
    }
    if (!wrong.isEmpty()) {
      throw UlmfitException.badModel(
          job.weights() + ": weights that are not floating point: " + String.join(", ", wrong));
    }
  }

  private static Vocab vocabulary(Path path) {
    String name = path.getFileName().toString();
    if (name.endsWith(".txt")) {
      return Vocab.read(path);
    }
    return Vocab.of(name.endsWith(".json") ? VocabPickle.readJson(path) : VocabPickle.read(path));
  }

  private ModelConfig fit() {
    WeightsShapes shapes = new WeightsShapes(job.weights().toString(), names, weights);
    long rows = shapes.of(names.embedding(), 2)[0];
    if (vocab.size() != rows) {
      throw UlmfitException.badModel(
          vocabularyPath.getFileName()
              + ": "
              + vocab.size()
              + " tokens, but the embedding in "
              + weightsPath.getFileName()
              + " has "
              + rows
              + " rows; give the vocabulary that was saved with these weights");
    }
    AwdLstmSizes architecture = shapes.architecture();
    return new ModelConfig(
        names.kind(),
        ModelConfig.AWD_LSTM,
        job.backward() ? "backward" : "forward",
        ModelFolder.FORMAT_VERSION,
        architecture,
        null,
        null,
        null,
        text(),
        null,
        head(shapes, architecture),
        isMulti() ? Labelling.MULTI.word() : null,
        isMulti() ? Collections.nCopies(job.labels().size(), 0.5) : null,
        null,
        null);
  }

  private boolean isMulti() {
    return job.labelling() == Labelling.MULTI;
  }

  /** Null unless there is one. */
  private ModelConfig.@Nullable Head head(WeightsShapes shapes, AwdLstmSizes a) {
    if (!names.kind().equals("classifier")) {
      if (!job.labels().isEmpty()) {
        throw UlmfitException.usage(
            "--labels: " + job.weights() + " holds no classifier, so there is nothing to label");
      }
      if (job.labelling() != null) {
        throw UlmfitException.usage(
            "--task: " + job.weights() + " holds no classifier, so no text gets a label");
      }
      return null;
    }
    FastaiNames.Generation generation = names.generation();
    String encoder = generation == FastaiNames.Generation.FASTAI_0_7 ? "lesson" : "masked";
    int bptt = generation.bptt();
    ModelConfig.Head head = shapes.head(a, encoder, bptt, WINDOWS * bptt);
    if (job.labels().size() != head.classes()) {
      throw UlmfitException.usage(
          job.weights()
              + ": a classifier of "
              + head.classes()
              + " classes; name them in order with --labels A,B,... ("
              + job.labels().size()
              + " given)");
    }
    return head;
  }

  private ModelConfig.TextProfile text() {
    FastaiNames.Generation generation = names.generation();
    String rules = job.rules() == null ? generation.rules() : job.rules();
    String tokenizer = job.tokenizer() == null ? generation.tokenizer() : job.tokenizer();
    List<String> keys =
        new ArrayList<>(
            List.of("text.rules=" + rules, Recipes.override("text.tokenizer", tokenizer)));
    if (job.language() != null) {
      keys.add(Recipes.override("text.language", job.language()));
    }
    Recipe recipe = Recipes.load(null, keys);
    return ModelConfig.TextProfile.of(recipe.text());
  }

  /** The model that would be written: kind, sizes, profile, vocabulary, every tensor. */
  public List<String> describe() {
    AwdLstmSizes a = config.awdLstm();
    List<String> lines = new ArrayList<>();
    lines.add(
        Shown.format(
            "%s: %s, %s %s",
            weightsPath.getFileName(),
            weights.format(),
            names.generation().words(),
            names.kind().equals("lm") ? "language model" : names.kind()));
    lines.add(
        Shown.format(
            "AWD-LSTM: %d layers, embedding %d, hidden %d, %s",
            a.layers(), a.embeddingSize(), a.hiddenSize(), config.direction()));
    if (config.head() != null) {
      lines.add("labels: " + Shown.list(job.labels(), 60));
      lines.add(
          isMulti()
              ? "task: several labels a text, each from a probability of 0.5 on"
              : "task: one label a text"
                  + (job.labelling() == null ? " (--task multi answers several)" : ""));
    }
    ModelConfig.TextProfile text = config.text();
    boolean told = job.rules() != null && job.tokenizer() != null;
    lines.add(
        Shown.format(
            "text: rules %s, tokenizer %s%s",
            text.rules(),
            text.tokenizer(),
            told ? "" : " (guessed from the tensors' names; --rules, --tokenizer)"));
    lines.add(
        Shown.format(
            "vocabulary: %,d tokens: %s ...",
            vocab.size(),
            vocab.itos().stream()
                .limit(12)
                .map(WeightsImport::quoted)
                .collect(Collectors.joining(" "))));
    Map<String, String> targets = new LinkedHashMap<>();
    names.sources().forEach((ours, theirs) -> targets.put(theirs, ours));
    weights.tensors().values().forEach(t -> lines.add("  " + line(t, targets.get(t.name()))));
    return lines;
  }

  private static String quoted(String token) {
    return "\"" + token.replace("\n", "\\n") + "\"";
  }

  private String line(WeightsFile.Tensor tensor, @Nullable String target) {
    String what = tensor.name() + "  " + tensor.dtype() + "  " + WeightsShapes.text(tensor.shape());
    if (target != null) {
      return target.equals(tensor.name()) ? what : what + "  -> " + target;
    }
    String alias = names.aliases().get(tensor.name());
    return what + (alias != null ? "  = " + alias : "  (not needed)");
  }

  public ModelConfig config() {
    return config;
  }

  /**
   * Writes the model folder.
   *
   * @throws UlmfitException (usage) if it exists and may not be replaced; (bad model) if tied
   *     weights differ; (failure) if it cannot be written
   */
  public void write(Path out, boolean overwrite) {
    checkAliases();
    List<Safetensors.Entry> entries = new ArrayList<>();
    for (String ours : names.ours()) {
      String name = names.source(ours);
      entries.add(
          Safetensors.Entry.floats(ours, weights.tensor(name).shape(), () -> weights.read(name)));
    }
    Recipe recipe = ModelSettings.decide(Recipes.defaults(), config, out);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("imported from", job.weights().getFileName().toString());
    data.put("sha256", sha256(job.weights()));
    data.put("names", names.generation().words());
    TokenizerSpec spec = TokenizerSpec.parse(config.text().tokenizer());
    String tokenizer = spec instanceof TokenizerSpec.Subword file ? file.content() : null;
    new ModelWriter(config, vocab, recipe, null, data, Map.of(), Evidence.NONE, tokenizer)
        .write(out, overwrite, entries, job.labels().isEmpty() ? null : job.labels());
  }

  /** Tied weights that a file holds twice must be the same. */
  private void checkAliases() {
    for (Map.Entry<String, String> pair : names.aliases().entrySet()) {
      String source = names.source(pair.getValue());
      WeightsFile.Tensor alias = weights.tensor(pair.getKey());
      boolean shared = source.equals(alias.alias());
      shared |= alias.name().equals(weights.tensor(source).alias());
      if (!shared && !Arrays.equals(weights.read(alias.name()), weights.read(source))) {
        throw UlmfitException.badModel(
            job.weights()
                + ": "
                + alias.name()
                + " and "
                + source
                + " differ, but the AWD-LSTM ties them; models without tied weights are not"
                + " supported");
      }
    }
  }

  @Override
  public void close() {
    weights.close();
    if (scratch != null) {
      scratch.close();
    }
  }

  private static boolean isGzip(Path path) {
    byte[] head = head(path, 2);
    return head.length == 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
  }

  /** By name, or a header length that leaves the upper bytes zero, then a JSON object. */
  private static boolean isSafetensors(Path path) {
    byte[] head = head(path, 9);
    return path.toString().endsWith(".safetensors")
        || head.length == 9 && head[6] == 0 && head[7] == 0 && head[8] == '{';
  }

  private static byte[] head(Path path, int bytes) {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(bytes);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, path, e);
    }
  }

  private static String sha256(Path path) {
    try {
      return Checksums.sha256(path);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, path, e);
    }
  }
}
