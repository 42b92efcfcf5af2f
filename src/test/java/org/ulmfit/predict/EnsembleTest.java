package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.EnsembleBuilder;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.LanguageModelBuilder;
import org.ulmfit.Stop;
import org.ulmfit.TrainedEnsemble;
import org.ulmfit.TrainedLanguageModel;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.SavedModel;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Sums;
import org.ulmfit.nn.LiveArrays;
import org.ulmfit.train.Scores;
import org.ulmfit.train.Thresholds;

/** Three small classifiers of one task, and what they answer together. */
@Tag("engine")
class EnsembleTest {
  private static final String[] GOOD = {"good", "lovely", "bright", "kind"};
  private static final String[] BAD = {"bad", "dull", "broken", "rude"};
  private static final String[] PLAIN = {"the", "film", "was", "a", "shop", "can't", "and", "we"};
  private static final String PHASES =
      "[{freezeTo: 0, epochs: 6, rates: {lr: 2.0e-2}, schedule: {kind: constant}}]";

  @TempDir static Path dir;
  private static Path forward;
  private static Path backward;
  private static Path other; // another tokenizer and vocabulary

  private static List<Document> documents(int n, long seed) {
    Random random = new Random(seed);
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String[] telling = i % 2 == 0 ? GOOD : BAD;
      StringBuilder text = new StringBuilder();
      for (int w = 3 + random.nextInt(9); w > 0; w--) {
        String[] from = random.nextInt(4) == 0 ? telling : PLAIN;
        text.append(from[random.nextInt(from.length)]).append(' ');
      }
      all.add(Document.of(text.toString().strip(), i % 2 == 0 ? "good" : "bad"));
    }
    return all;
  }

  private static List<String> texts(List<Document> documents) {
    return documents.stream().map(d -> d.fields().get(0)).toList();
  }

  @BeforeAll
  static void train() {
    forward = trained("forward", documents(80, 1), false, "spacy-3");
    backward = trained("backward", documents(80, 1), true, "spacy-3");
    other = trained("other", documents(50, 2), false, "spacy-2.0");
  }

  private static Path trained(
      String name, List<Document> documents, boolean backwards, String tokenizer) {
    LanguageModelBuilder lm =
        Ulmfit.languageModel(Corpus.of(documents))
            .fromScratch()
            .device("cpu")
            .set("precision", "fp32")
            .set("text.tokenizer", tokenizer)
            .set("model.embeddingSize", 12)
            .set("model.hiddenSize", 16)
            .set("vocab.minFreq", 1)
            .set("lm.batchSize", 4)
            .set("lm.bptt", 10)
            .set("lm.stages.0.epochs", 1);
    return trained(
        name, documents, (backwards ? lm.backwards() : lm).into(dir.resolve(name + "-lm")));
  }

  private static Path trained(String name, List<Document> documents, TrainedLanguageModel lm) {
    return Ulmfit.classifier(Corpus.of(documents))
        .encoder(lm)
        .device("cpu")
        .set("precision", "fp32")
        .set("classifier.batchSize", 8)
        .set("classifier.stages", PHASES)
        .into(dir.resolve(name))
        .run();
  }

  private static EnsembleBuilder of(Path... models) {
    return Ulmfit.ensemble(List.of(models)).device("cpu");
  }

  private static List<Prediction> answers(Path model, List<String> texts) {
    try (TextClassifier classifier = TextClassifier.load(model, "cpu", null)) {
      return classifier.predict(texts);
    }
  }

  private static double p(Prediction prediction, String label) {
    return prediction.probabilities().get(label);
  }

  /** Of members of both directions, two vocabularies and two tokenizers. */
  @Test
  void theMeanIsTheMean() {
    List<String> texts = texts(documents(40, 3));
    List<List<Prediction>> alone =
        Stream.of(forward, backward, other).map(model -> answers(model, texts)).toList();
    TrainedEnsemble made = of(forward, backward, other).into(dir.resolve("mean"));
    assertEquals(List.of("1-forward", "2-backward", "3-other"), made.members());
    assertTrue(made.figures().isEmpty());
    List<Prediction> together = answers(made.folder(), texts);
    for (int i = 0; i < texts.size(); i++) {
      int row = i;
      Prediction answer = together.get(i);
      for (String label : List.of("bad", "good")) {
        double mean = alone.stream().mapToDouble(own -> p(own.get(row), label)).average().orElse(0);
        assertEquals(mean, p(answer, label), 2e-7, label + " of " + texts.get(i));
      }
      assertEquals(p(answer, "good") > p(answer, "bad") ? "good" : "bad", answer.label());
      double difference = answer.logits()[1] - answer.logits()[0];
      assertEquals(p(answer, "good"), 1 / (1 + Math.exp(-difference)), 1e-6);
    }
    assertTrue(together.stream().map(Prediction::label).distinct().count() == 2);
  }

  @Test
  void anEvaluationIsOfTheAnswers() {
    List<Document> documents = documents(60, 4);
    Path folder = of(forward, other).into(dir.resolve("measured")).folder();
    try (TextClassifier classifier = TextClassifier.load(folder, "cpu", null)) {
      List<String> notes = new ArrayList<>();
      long[] scored = new long[2];
      Scores scores =
          classifier.evaluate(
              Corpus.of(documents),
              0,
              new EvaluationListener() {
                @Override
                public void note(String line) {
                  notes.add(line);
                }

                @Override
                public void scored(long done, long all) {
                  scored[0] = done;
                  scored[1] = all;
                }
              });
      List<Prediction> answers = classifier.predict(texts(documents));
      double loss = 0;
      int right = 0;
      for (int i = 0; i < answers.size(); i++) {
        String label = documents.get(i).labels().get(0);
        loss -= Math.log(p(answers.get(i), label)) / answers.size();
        right += answers.get(i).label().equals(label) ? 1 : 0;
      }
      assertEquals(loss, scores.loss(), 1e-5);
      assertEquals((double) right / 60, scores.accuracy(), 1e-12);
      assertEquals(scored[1], scored[0]);
      assertEquals(2, notes.stream().filter(n -> n.startsWith("tokenized 60 of 60")).count());
    }
    Path pair = of(forward, backward).into(dir.resolve("measured-pair")).folder();
    try (TextClassifier classifier = TextClassifier.load(pair, "cpu", null)) {
      List<String> notes = new ArrayList<>();
      EvaluationListener listener =
          new EvaluationListener() {
            @Override
            public void note(String line) {
              notes.add(line);
            }
          };
      classifier.evaluate(Corpus.of(documents), 0, listener);
      assertEquals(1, notes.stream().filter(n -> n.startsWith("tokenized 60 of 60")).count());
    }
  }

  /** Tokens and ids are made once for models of one reading. */
  @Test
  void aTextIsReadOnce() {
    List<SavedModel> members = new ArrayList<>();
    try {
      for (Path model : List.of(forward, backward, other)) {
        members.add(SavedModel.open(folder(model), List.of("bad", "good"), "cpu", null, null));
      }
      try (SharedReading reading = new SharedReading(Members.readers(members))) {
        int[][][] ids = reading.ids(List.of(List.of("a good film"), List.of("bad")));
        assertSame(ids[0], ids[1]);
        assertNotSame(ids[0], ids[2]);
        assertEquals(2, ids[2].length);
        assertEquals(4, reading.coverage().words()); // counted once
      }
    } finally {
      members.forEach(SavedModel::close);
    }
  }

  private static ModelFolder folder(Path model) {
    return ModelFolder.open(model, "classifier");
  }

  @Test
  void theModelsItWasMadeOfMayGo() throws IOException {
    Path copies = dir.resolve("copies");
    copy(forward.resolve("classifier"), copies.resolve("f"));
    copy(backward.resolve("classifier"), copies.resolve("b"));
    Path folder = of(copies.resolve("f"), copies.resolve("b")).into(dir.resolve("whole")).folder();
    AtomicFiles.deleteTree(copies);
    Path moved = Files.move(folder, dir.resolve("moved"));
    List<String> texts = texts(documents(10, 5));
    List<Prediction> there = answers(of(forward, backward).into(dir.resolve("w2")).folder(), texts);
    List<Prediction> answers = answers(moved, texts);
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(there.get(i).logits(), answers.get(i).logits());
    }
    assertTrue(Files.exists(moved.resolve("members/1-f/vocab.txt")));
    assertFalse(Files.exists(moved.resolve("members/2-b/vocab.txt")), "vocabulary stored twice");
    assertTrue(Files.exists(moved.resolve("members/2-b/provenance.json")));
    String card = Files.readString(moved.resolve("README.md"));
    assertTrue(card.contains("2-b: backward awd-lstm, tokenizer spacy-3"), card);
  }

  @Test
  void weightsDoBetterThanTheMeanOnTheirRows() throws IOException {
    List<Document> rows = documents(120, 6);
    List<String> notes = new ArrayList<>();
    EvaluationListener listener =
        new EvaluationListener() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    TrainedEnsemble made =
        of(forward, backward, other)
            .stack(Corpus.of(rows))
            .listener(listener)
            .into(dir.resolve("stacked"));
    StackingFigures figures = made.figures().orElseThrow();
    assertEquals(made.members(), List.copyOf(figures.members().keySet()));
    assertEquals(120, figures.mean().items());
    assertTrue(figures.fitted().loss() < figures.mean().loss(), figures.toString());
    assertTrue(figures.fitted().loss() < figures.crossFitted().loss(), figures.toString());
    try (TextClassifier classifier = made.open("cpu");
        TextClassifier first = TextClassifier.load(forward, "cpu", null)) {
      Scores scores = classifier.evaluate(Corpus.of(rows));
      assertEquals(figures.fitted().loss(), scores.loss(), 1e-6);
      assertEquals(figures.fitted().accuracy(), scores.accuracy());
      assertEquals(
          figures.members().get("1-forward").loss(), first.evaluate(Corpus.of(rows)).loss(), 1e-9);
    }
    String metrics = Files.readString(made.folder().resolve("metrics.json"));
    assertTrue(metrics.contains("stack.crossFitted.accuracy"), metrics);
    UlmfitException few =
        assertThrows(
            UlmfitException.class,
            () -> of(forward, other).stack(Corpus.of(documents(9, 1))).into(dir.resolve("few")));
    assertTrue(few.getMessage().contains("9 rows to learn weights on"), few.getMessage());
    assertFalse(Files.exists(dir.resolve("few")));
    Stop stop = new Stop();
    stop.request();
    UlmfitException stopped =
        assertThrows(
            UlmfitException.class,
            () ->
                of(forward, other).stack(Corpus.of(rows)).stop(stop).into(dir.resolve("stopped")));
    assertEquals(UlmfitException.Kind.INTERRUPTED, stopped.kind());
    assertFalse(Files.exists(dir.resolve("stopped")));
  }

  /** Under several labels each label's probabilities are averaged by themselves. */
  @Test
  void severalLabels() throws IOException {
    List<Document> rows = severalLabels(90, 11);
    Path a = trained("multi-a", rows, false, "spacy-3");
    Path b = trained("multi-b", rows, true, "spacy-3");
    List<String> notes = new ArrayList<>();
    EvaluationListener listener =
        new EvaluationListener() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Path mean = of(a, b).listener(listener).into(dir.resolve("multi")).folder();
    assertEquals(List.of("thresholds: the mean of the members', label by label"), notes);
    double[] thresholds = thresholds(mean);
    for (int label = 0; label < 2; label++) {
      double own = thresholds(a.resolve("classifier"))[label];
      assertEquals(
          (own + thresholds(b.resolve("classifier"))[label]) / 2, thresholds[label], 1e-12);
    }
    List<String> texts = texts(severalLabels(30, 12));
    List<Prediction> first = answers(a, texts);
    List<Prediction> second = answers(b, texts);
    List<Prediction> together = answers(mean, texts);
    for (int i = 0; i < texts.size(); i++) {
      Prediction answer = together.get(i);
      assertEquals(Labelling.MULTI, answer.labelling());
      for (String label : List.of("kind", "long")) {
        double p = (p(first.get(i), label) + p(second.get(i), label)) / 2;
        assertEquals(p, p(answer, label), 2e-7);
        double threshold = thresholds[label.equals("kind") ? 0 : 1];
        assertEquals(p(answer, label) >= threshold, answer.labels().contains(label));
      }
    }
    List<Document> held = severalLabels(80, 13);
    Corpus corpus = Corpus.of(held);
    TrainedEnsemble stacked = of(a, b).stack(corpus).into(dir.resolve("multi-stacked"));
    StackingFigures figures = stacked.figures().orElseThrow();
    assertTrue(figures.fitted().loss() < figures.mean().loss(), figures.toString());
    try (TextClassifier classifier = stacked.open("cpu")) {
      Scores scores = classifier.evaluate(corpus);
      assertEquals(figures.fitted().macroF1(), scores.evaluation().macroF1());
      assertEquals(figures.fitted().loss(), scores.loss(), 1e-6);
      assertArrayEquals(
          Thresholds.choose(scores.probabilities(), scores.truth(), 2),
          thresholds(stacked.folder()),
          1e-12);
    }
    refused("its labels (kind, long) are not those of", forward, a);
  }

  private static double[] thresholds(Path folder) throws IOException {
    return Golden.doubles(
        new ObjectMapper().readTree(folder.resolve("config.json").toFile()).required("thresholds"));
  }

  /** Labels "kind" by a word and "long" by its length: both, one or none. */
  private static List<Document> severalLabels(int n, long seed) {
    List<Document> all = new ArrayList<>();
    for (Document document : documents(n, seed)) {
      String text = document.fields().get(0);
      List<String> labels = new ArrayList<>();
      if (text.contains("kind") || text.contains("good")) {
        labels.add("kind");
      }
      if (text.length() > 30) {
        labels.add("long");
      }
      all.add(Document.of(text, labels));
    }
    return all;
  }

  /** Weights are not learned on rows that are there to test with. */
  @Test
  void theValidationRowsAreTakenWhereThereAreSplits() {
    Corpus train = Corpus.of(documents(20, 1));
    TrainedEnsemble made =
        of(forward, backward)
            .stack(
                train.withValid(Corpus.of(documents(30, 7))).withTest(Corpus.of(documents(40, 8))))
            .into(dir.resolve("valid"));
    assertEquals(30, made.figures().orElseThrow().mean().items());
    UlmfitException none =
        assertThrows(
            UlmfitException.class,
            () ->
                of(forward, backward)
                    .stack(train.withTest(Corpus.of(documents(40, 8))))
                    .into(dir.resolve("no-valid")));
    assertTrue(none.getMessage().contains("none for validation"), none.getMessage());
  }

  /** Labels have names: their order is each model's own affair. */
  @Test
  void labelsInAnotherOrderAreTheSameLabels() throws IOException {
    Path turned = dir.resolve("turned");
    copy(forward.resolve("classifier"), turned);
    Files.writeString(turned.resolve("labels.json"), "[\"good\", \"bad\"]\n");
    Sums.renew(turned);
    List<String> texts = texts(documents(10, 9));
    for (Prediction p : answers(of(forward, turned).into(dir.resolve("turn")).folder(), texts)) {
      assertEquals(0.5, p(p, "bad"), 1e-6);
      assertEquals(List.of("bad", "good"), List.copyOf(p.probabilities().keySet()));
    }
  }

  @Test
  void anEnsembleStandsForItsMembers() {
    Path pair = of(forward, backward).into(dir.resolve("pair")).folder();
    TrainedEnsemble made = of(pair, other).into(dir.resolve("three"));
    assertEquals(List.of("1-forward", "2-backward", "3-other"), made.members());
    List<String> texts = texts(documents(5, 10));
    List<Prediction> there =
        answers(of(forward, backward, other).into(dir.resolve("three-2")).folder(), texts);
    List<Prediction> answers = answers(made.folder(), texts);
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(there.get(i).logits(), answers.get(i).logits());
    }
    of(made.folder(), backward.resolve("classifier")); // nothing is read yet
    refused("the same model as", pair, backward);
  }

  @Test
  void whatCannotAnswerTogetherIsRefused() throws IOException {
    refused("2 to 64 classifiers, not 1", forward);
    refused("the same model as", forward, forward.resolve("classifier"));
    refused("no such folder", forward, dir.resolve("nothing"));
    String member = of(forward, backward).into(dir.resolve("of")).members().get(1);
    refused(
        "a member of the ensemble "
            + dir.resolve("of")
            + ", not whole by itself; open the ensemble",
        forward,
        dir.resolve("of/members").resolve(member));
    refused("holds a language model", forward, dir.resolve("other-lm/lm"));
    Path labels = dir.resolve("labels");
    copy(other.resolve("classifier"), labels);
    Files.writeString(labels.resolve("labels.json"), "[\"bad\", \"fine\"]\n");
    Sums.renew(labels);
    refused("its labels (bad, fine) are not those of", forward, labels);
    Path task =
        changed(
            "task", "\"task\" : \"single\"", "\"task\" : \"multi\", \"thresholds\" : [0.5, 0.5]");
    refused("gives any number of labels a text", forward, task);
    Path fields = changed("fields", "\"fields\" : 1", "\"fields\" : 2, \"x\" : 1");
    Files.writeString(
        fields.resolve("config.json"),
        Files.readString(fields.resolve("config.json"))
            .replace(", \"x\" : 1", "")
            .replace("\"text\" : [ ]", "\"text\" : [ \"title\", \"body\" ]"));
    Sums.renew(fields);
    refused("reads text columns 2 (title, body)", forward, fields);
    Files.createDirectories(dir.resolve("there"));
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> of(forward, backward).into(dir.resolve("there")));
    assertTrue(e.getMessage().contains("exists already"), e.getMessage());
  }

  private static Path changed(String name, String from, String to) throws IOException {
    Path model = dir.resolve(name);
    copy(other.resolve("classifier"), model);
    String config = Files.readString(model.resolve("config.json"));
    assertTrue(config.contains(from), config);
    Files.writeString(model.resolve("config.json"), config.replace(from, to));
    Sums.renew(model);
    return model;
  }

  private static void refused(String message, Path... models) {
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> of(models).into(dir.resolve("refused")));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(e.getMessage().contains("\n"));
    assertFalse(Files.exists(dir.resolve("refused")));
  }

  @Test
  void closingClosesAll() {
    Path folder = of(forward, backward).into(dir.resolve("closed")).folder();
    int managers = LiveArrays.managers();
    long arrays = LiveArrays.all();
    TextClassifier classifier = TextClassifier.load(folder, "cpu", null);
    classifier.predict("good");
    classifier.close();
    classifier.close();
    assertThrows(IllegalStateException.class, () -> classifier.predict("good"));
    assertEquals(managers, LiveArrays.managers());
    assertEquals(arrays, LiveArrays.all());
  }

  @Test
  void aFolderThatIsNotWholeIsRefusedInOneLine() throws IOException {
    Path whole = of(forward, backward).into(dir.resolve("sound")).folder();
    damaged(
        whole,
        "members/2-backward/model.safetensors: missing",
        f -> Files.delete(f.resolve("members/2-backward/model.safetensors")),
        false);
    damaged(
        whole,
        "no model.safetensors of member 2-backward",
        f -> Files.delete(f.resolve("members/2-backward/model.safetensors")),
        true);
    damaged(
        whole,
        "altered or damaged",
        f -> Files.writeString(f.resolve("members/1-forward/vocab.txt"), "\"x\"\n"),
        false);
    for (String name : List.of("../../forward", "/etc", "C:\\\\x", "", "a/b", ".", "..", "2\\n")) {
      config(
          whole,
          "a member without a name",
          "\"name\" : \"2-backward\"",
          "\"name\" : \"" + name + "\"");
      config(
          whole,
          "a member without a name",
          "\"vocab.txt\" : \"1-forward\"",
          "\"vocab.txt\" : \"" + name + "\"");
    }
    config(
        whole,
        "does not hold",
        "\"vocab.txt\" : \"1-forward\"",
        "\"../../../vocab.txt\" : \"1-forward\"");
    config(whole, "does not hold", "\"vocab.txt\" : \"1-forward\"", "\"vocab.txt\" : \"3-other\"");
    config(
        whole,
        "has one itself",
        "\"vocab.txt\" : \"1-forward\"",
        "\"model.safetensors\" : \"1-forward\"");
    config(
        whole, "two members are called", "\"name\" : \"2-backward\"", "\"name\" : \"1-forward\"");
    config(
        whole, "no config.json of member 3-x", "\"name\" : \"2-backward\"", "\"name\" : \"3-x\"");
    config(whole, "not known to this ulmfit", "\"members\"", "\"boosting\" : 1, \"members\"");
    String none = "{\"kind\": \"ensemble\", \"formatVersion\": 2, \"members\": []}";
    damaged(
        whole,
        "members are not 2 to 64",
        folder -> Files.writeString(folder.resolve("config.json"), none),
        true);
    config(
        whole,
        "stacking is not one finite weight",
        "\"members\"",
        "\"stacking\" : {\"weights\" : [1e999, 1], \"biases\" : [0, 0]}, \"members\"");
    config(
        whole,
        "stacking is not one finite weight",
        "\"members\"",
        "\"stacking\" : {\"weights\" : [1], \"biases\" : [0, 0]}, \"members\"");
    config(whole, "task is neither", "\"members\"", "\"task\" : \"multi\", \"members\"");
    config(
        whole,
        "task is not that of its members",
        "\"members\"",
        "\"task\" : \"multi\", \"thresholds\" : [0.5, 0.5], \"members\"");
    Path target = Files.copy(whole.resolve("members/1-forward/vocab.txt"), dir.resolve("v.txt"));
    damaged(
        whole,
        "behind a link",
        f -> {
          Files.delete(f.resolve("members/1-forward/vocab.txt"));
          Files.createSymbolicLink(f.resolve("members/1-forward/vocab.txt"), target);
        },
        false);
    damaged(
        whole,
        "behind a link",
        f -> {
          Path out = Files.move(f.resolve("members/1-forward"), dir.resolve("outside"));
          Files.createSymbolicLink(f.resolve("members/1-forward"), out);
        },
        false);
  }

  private static void config(Path whole, String message, String from, String to)
      throws IOException {
    damaged(
        whole,
        message,
        folder -> {
          Path file = folder.resolve("config.json");
          String config = Files.readString(file);
          assertTrue(config.contains(from), config);
          Files.writeString(file, config.replace(from, to));
        },
        true);
  }

  private interface Damage {
    void to(Path folder) throws IOException;
  }

  private static void damaged(Path whole, String message, Damage damage, boolean summed)
      throws IOException {
    Path folder = dir.resolve("damaged");
    copy(whole, folder);
    damage.to(folder);
    if (summed) {
      Sums.renew(folder);
    }
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> TextClassifier.load(folder, "cpu", null));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    assertTrue(e.getMessage().contains(message), message + " is not in: " + e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
    AtomicFiles.deleteTree(folder);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.collect(Collectors.toList())) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}
