package org.ulmfit.campaign;

import static org.ulmfit.campaign.Targets.check;
import static org.ulmfit.campaign.Targets.utf8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Inference;
import org.ulmfit.classifier.Opening;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.embed.Embedder;
import org.ulmfit.embed.EncoderReading;
import org.ulmfit.embed.Encoders;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checkpoints;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Sums;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.NgramSizes;
import org.ulmfit.model.TestConfigs;
import org.ulmfit.ngram.Documents;
import org.ulmfit.ngram.NgramClassifier;
import org.ulmfit.ngram.NgramLearner;
import org.ulmfit.ngram.NgramModel;
import org.ulmfit.ngram.NgramTensors;
import org.ulmfit.ngram.Ngrams;
import org.ulmfit.ngram.SolverSettings;
import org.ulmfit.ngram.Truth;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.prepare.PreparedLm;
import org.ulmfit.train.RunStates;
import org.ulmfit.train.RunStates.Computed;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Readers of whole folders: models, checkpoints, prepared corpora. An input is the number of the
 * file that is damaged, and its content; checksums are made to agree, so that the parsers see it.
 */
final class FolderTargets {
  static final String VOCABULARY =
      "\"xxunk\"\n\"xxpad\"\n\"\\u00e9t\\u00e9\"\n\"\\n\\n\"\n\"the\"\n";
  private static final int ROWS = 30;

  private final Path folder;
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> seeds = new ArrayList<>();

  private FolderTargets(Path folder, String... names) throws IOException {
    this.folder = folder;
    for (String name : names) {
      byte[] whole = Files.readAllBytes(folder.resolve(name));
      byte[] seed = new byte[whole.length + 1];
      seed[0] = (byte) seeds.size();
      System.arraycopy(whole, 0, seed, 1, whole.length);
      this.names.add(name);
      seeds.add(seed);
    }
  }

  private Target target(String name, boolean summed, Target.Reading reading) {
    return new Target(
        name,
        seeds,
        input -> {
          int which = input.length == 0 ? 0 : Math.floorMod(input[0], names.size());
          Path file = folder.resolve(names.get(which));
          Files.write(file, input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length));
          try {
            if (summed) {
              Sums.renew(folder);
            }
            reading.read(input);
          } finally {
            byte[] seed = seeds.get(which);
            Files.write(file, Arrays.copyOfRange(seed, 1, seed.length));
          }
        });
  }

  static byte[] safetensors(Path dir) throws IOException {
    Path file = dir.resolve("seed.safetensors");
    Safetensors.write(
        file,
        Map.of("format", "pt"),
        List.of(
            Safetensors.Entry.floats("0.encoder.weight", new long[] {2, 3}, () -> new float[6]),
            Safetensors.Entry.halves("half", new long[] {4}, () -> new float[4]),
            Safetensors.Entry.longs("count", new long[] {}, () -> new long[] {7})));
    return Files.readAllBytes(file);
  }

  static Target model(Path dir) throws IOException {
    Path folder = written(dir, "model");
    return new FolderTargets(folder, "config.json", "labels.json", "vocab.txt", "model.safetensors")
        .target("model", true, input -> readModel(ModelFolder.open(folder, "classifier")));
  }

  /** Two members, of which the second has its vocabulary from the first. */
  static Target ensemble(Path dir) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("ensemble"));
    written(folder.resolve("members"), "1-a");
    Path second = written(folder.resolve("members"), "2-b");
    Files.delete(second.resolve("vocab.txt"));
    Files.writeString(folder.resolve("labels.json"), "[\"neg\", \"pos\"]\n");
    Files.writeString(
        folder.resolve("config.json"),
        "{\"kind\": \"ensemble\", \"formatVersion\": 2, \"members\": [{\"name\": \"1-a\","
            + " \"shares\": {}}, {\"name\": \"2-b\", \"shares\": {\"vocab.txt\": \"1-a\"}}],"
            + " \"stacking\": {\"weights\": [0.5, 0.7], \"biases\": [-0.1, 0.1]}}\n");
    return new FolderTargets(
            folder,
            "config.json",
            "labels.json",
            "members/2-b/config.json",
            "members/2-b/labels.json",
            "members/1-a/vocab.txt")
        .target("ensemble", true, input -> readEnsemble(folder));
  }

  private static void readEnsemble(Path dir) throws IOException {
    ModelFolder folder = ModelFolder.open(dir, ModelFolder.ENSEMBLE);
    int labels = folder.labels().size();
    EnsembleConfig config = EnsembleConfig.of(folder, labels);
    List<ModelFolder> members = config.open(folder);
    check(members.size() == config.members().size() && members.size() > 1, "members");
    check(
        config.stacking() == null || config.stacking().biases().size() == labels, "another length");
    Path root = dir.toRealPath();
    for (ModelFolder member : members) {
      for (String file : member.files()) {
        check(member.file(file).toRealPath().startsWith(root), "a file outside: " + file);
      }
      readModel(member);
    }
  }

  private static Path written(Path dir, String name) throws IOException {
    Recipe recipe = Recipes.parse("{}", "seed", List.of());
    ModelConfig config =
        TestConfigs.of(
            "classifier",
            new AwdLstmSizes(5, 4, 5, 3, true),
            recipe.text(),
            new ModelConfig.Head(2, 50, false, "masked", 400, 1440));
    Path folder = Files.createDirectories(dir.resolve(name));
    Files.write(folder.resolve("config.json"), utf8(config.json()));
    Files.write(folder.resolve("labels.json"), utf8("[\"neg\", \"pos\"]\n"));
    Files.write(folder.resolve("vocab.txt"), utf8(VOCABULARY));
    Files.write(folder.resolve("model.safetensors"), safetensors(dir));
    return folder;
  }

  /** A linear model of words and pairs of words. */
  static Target ngrams(Path dir) throws IOException {
    int[][] documents = {{2, 3, 4, 2, 3}, {4, 3, 2}, {2, 3}, {4, 4, 3}};
    Documents all = new Documents(documents.length, d -> documents[d]);
    Truth truth = new Truth(Labelling.SINGLE, 2, new int[][] {{0}, {1}, {0}, {1}});
    Stop stop = new Stop();
    Ngrams ngrams = Ngrams.count(all, 1, 2, 1, id -> id < 2, stop);
    NgramModel model =
        NgramLearner.regression(true, null, SolverSettings.seeded(1))
            .on(ngrams.counts(all, stop), truth, new int[] {0, 1, 2, 3})
            .at(1, stop);
    List<Safetensors.Entry> entries =
        new ArrayList<>(
            NgramTensors.entries(new NgramClassifier(Labelling.SINGLE, ngrams, model, null)));
    entries.add(Safetensors.Entry.longs("marks", new long[] {1}, () -> new long[] {1}));
    Recipe recipe = Recipes.parse("{}", "seed", List.of());
    ModelConfig config =
        TestConfigs.ngrams("ngram-lr", new NgramSizes(1, 2, 2, true, null), recipe);
    Path folder = Files.createDirectories(dir.resolve("n-grams"));
    Files.write(folder.resolve("config.json"), utf8(config.json()));
    Files.write(folder.resolve("labels.json"), utf8("[\"neg\", \"pos\"]\n"));
    Files.write(folder.resolve("vocab.txt"), utf8(VOCABULARY));
    Safetensors.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), entries);
    return new FolderTargets(folder, "config.json", "model.safetensors")
        .target("n-grams", true, input -> readNgrams(ModelFolder.open(folder, "classifier")));
  }

  private static void readNgrams(ModelFolder folder) {
    ModelConfig config = ModelConfig.of(folder);
    check(config.classes() > 0, "no classes");
    try (Safetensors.Reader weights = Safetensors.Reader.open(folder.file("model.safetensors"));
        Inference model =
            Family.of(config)
                .open(
                    new Opening(
                        () -> {
                          throw new UlmfitException(UlmfitException.Kind.BAD_MODEL, "a network");
                        },
                        config,
                        1,
                        folder,
                        weights,
                        null))) {
      float[][] logits = model.logits(new int[][] {{2, 3, 4, 2}, {}, {4}});
      for (float[] row : logits) {
        check(row.length == config.classes(), "logits of " + row.length);
        for (float z : row) {
          check(Float.isFinite(z), "no number");
        }
      }
    }
  }

  /** A sentence encoder's model, tokenizer and card; nothing is run. */
  static Target encoder(Path dir) throws IOException {
    Path folder = dir.resolve("encoder");
    if (Files.exists(folder)) {
      AtomicFiles.deleteTree(folder);
    }
    Encoders.copy(folder);
    return new FolderTargets(folder, "model.onnx", "tokenizer.json", "config.json", "modules.json")
        .target("encoder", false, input -> readEncoder(folder));
  }

  private static void readEncoder(Path folder) {
    Embedder embedder = Embedder.of(folder);
    EncoderReading reading = embedder.reading(new Embedder.Wishes(null, null, 0, 2, 0), line -> {});
    check(reading.window() > 0, "window");
    Vocab vocab = embedder.vocabulary();
    check(embedder.unknown() < vocab.size(), "unknown piece");
  }

  private static void readModel(ModelFolder folder) {
    ModelConfig config = ModelConfig.of(folder);
    check(config.architecture() != null && config.text() != null, "half a config");
    check(folder.labels().stream().distinct().count() == folder.labels().size(), "labels");
    config.vocabulary(folder);
    Safetensors.Reader.open(folder.file("model.safetensors")).close();
  }

  static Target checkpoint(Path dir) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("checkpoints/step-00000007"));
    Files.write(folder.resolve("state.safetensors"), safetensors(dir));
    Files.writeString(
        folder.resolve("position.json"),
        "{\"position\": {\"phase\": 1, \"epoch\": 0, \"epochStep\": 2, \"phaseStep\": 2,"
            + " \"globalStep\": 7, \"smoothed\": {\"average\": 0.1, \"batches\": 2},"
            + " \"lack\": 0.25, \"epochsSinceBest\": 0, \"epochTokens\": 90, \"epochSeconds\": 0.5},"
            + " \"adamSteps\": [7, 7, 2], \"fingerprint\": \"same\","
            + " \"computed\": {\"precision\": \"bf16\", \"rounding\": \"1f3a9c02\"}}\n");
    Files.writeString(folder.resolveSibling("latest"), "step-00000007\n");
    Files.writeString(folder.resolveSibling("best"), "step-00000007 0.25\n");
    return new FolderTargets(folder, "position.json", "../latest", "../best", "state.safetensors")
        .target("checkpoint", true, input -> readCheckpoints(folder.getParent()));
  }

  private static void readCheckpoints(Path dir) {
    Recipe recipe = Recipes.parse("{}", "seed", List.of());
    long step =
        new RunStates(
                dir, recipe.checkpoint(), "same", new Computed("bf16", "1f3a9c02"), new Deaf())
            .step();
    check(step == 7, "step " + step);
    new Checkpoints(dir, 1, note -> {})
        .best()
        .ifPresent(best -> check(best.checkpoint().step() == 7, "best " + best));
    Safetensors.Reader.open(dir.resolve("step-00000007/state.safetensors")).close();
  }

  private static final class Deaf implements TrainingListener {}

  static Target prepared(Path dir) throws IOException {
    StringBuilder rows = new StringBuilder("label,text\n");
    for (int row = 0; row < ROWS; row++) {
      rows.append(row % 2 == 0 ? "pos" : "neg").append(",word").append(row).append(" here\n");
    }
    Path corpus = Files.writeString(dir.resolve("corpus.csv"), rows);
    Path folder = dir.resolve("prepared");
    prepare().all(Corpus.at(corpus), folder, 0);
    return new FolderTargets(
            folder,
            "prepared.json",
            "vocab.txt",
            "lm/train.tokens",
            "classifier/train.tokens",
            "classifier/valid.tokens")
        .target("prepared", false, input -> readPrepared(folder, dir, input.length % 2 * ROWS / 3));
  }

  private static Prepare prepare() {
    Recipe recipe = Recipes.parse("{}", "seed", List.of("vocab.minFreq=1"));
    return new Prepare(recipe, line -> {}, new Stop());
  }

  private static void readPrepared(Path folder, Path dir, int limit) {
    Corpus corpus = Corpus.at(folder);
    Path out = dir.resolve("out");
    try (PreparedLm data = prepare().languageModel(corpus, null, out, limit)) {
      whole(data.train(), data.vocab(), 0);
      whole(data.valid(), data.vocab(), 0);
    }
    try (PreparedClassifier data = prepare().classifier(corpus, null, out, limit)) {
      whole(data.train(), data.vocab(), data.labels().size());
      whole(data.valid(), data.vocab(), data.labels().size());
    }
  }

  /** Where there are no labels, none are looked at. */
  private static void whole(TokenStore store, Vocab vocab, int labels) {
    long tokens = 0;
    for (int doc = 0; doc < store.size(); doc++) {
      for (int id : store.ids(doc)) {
        check(id >= 0 && id < vocab.size(), "id " + id);
        tokens++;
      }
      int[] own = store.labels(doc);
      check(own.length == (labels == 0 ? 0 : 1), "labels " + own.length);
      check(Arrays.stream(own).allMatch(l -> l >= 0 && l < labels), "label of no name");
      store.id(doc);
    }
    check(tokens == store.tokens(), "tokens " + tokens);
  }
}
