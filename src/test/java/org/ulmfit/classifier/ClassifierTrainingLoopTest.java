package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.EngineThreads;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.LiveArrays;
import org.ulmfit.nn.Torch;
import org.ulmfit.run.TimelessLog;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainerRun;
import org.ulmfit.train.TrainingListener.Epoch;
import org.ulmfit.vocab.TokenStore;

/** The loop with a tiny classifier: gradual unfreezing, repeatable, resumable in every phase. */
@Tag("engine")
class ClassifierTrainingLoopTest {

  private static final int LAST_LSTM = 9; // index of its first tensor: embedding, three times four

  @TempDir Path dir;
  private TokenStore train;
  private TokenStore valid;
  private int threads;

  @BeforeEach
  void open() {
    threads = Torch.threads();
    EngineThreads.set(1);
    train = TinyClassifier.store(dir.resolve("train.tokens"), 40, 1);
    valid = TinyClassifier.store(dir.resolve("valid.tokens"), 20, 2);
  }

  @AfterEach
  void close() {
    train.close();
    valid.close();
    EngineThreads.set(threads);
  }

  private TrainerRun<Classifier> run(String... overrides) {
    return TinyClassifier.run(TinyClassifier.recipe(overrides), train, valid);
  }

  private static void assertSame(
      TrainerRun.Outcome expected, TrainerRun.Outcome actual, String what) {
    assertEquals(expected.tensors().size(), actual.tensors().size());
    for (int i = 0; i < expected.tensors().size(); i++) {
      assertArrayEquals(expected.tensors().get(i), actual.tensors().get(i), what + ", tensor " + i);
    }
  }

  /** Means of five seeds: 20 held-out texts tell little of one run. */
  @Test
  void itLearnsWhatTheWordsSay() {
    double accuracy = 0;
    double learned = 0;
    for (int seed = 1; seed <= 5; seed++) {
      List<Epoch> epochs =
          run(
                  "seed=" + seed,
                  "classifier.dropMult=0.1",
                  "classifier.stages=[" + TinyClassifier.phase(0, 16) + "]",
                  "classifier.optimizer.weightDecay=0")
              .go()
              .epochs();
      learned += (epochs.get(0).trainLoss() - epochs.get(15).trainLoss()) / 5;
      accuracy += epochs.get(15).validation().accuracy() / 5;
    }
    assertTrue(learned > .2, "train loss fell by " + learned);
    assertTrue(accuracy >= .75, "accuracy " + accuracy);
  }

  /** Long texts make batches smaller, so that their number is another in each epoch. */
  @Test
  void everyBatchOfEveryEpochIsReadAndTheScheduleCountsThem() {
    Recipe recipe =
        TinyClassifier.recipe(
            "classifier.sampler=random",
            "classifier.batchSize=2",
            "classifier.maxBatchTokens=30",
            "classifier.stages=[" + TinyClassifier.phase(0, 2.5) + "]");
    try (TokenStore more = TinyClassifier.store(dir.resolve("more.tokens"), 150, 3)) {
      List<Integer> counts = new ArrayList<>();
      for (int epoch = 0; epoch < 3; epoch++) {
        Recipe.Classifier c = recipe.classifier();
        int[] lengths = ClassifierTask.lengths(more);
        int[] order =
            Samplers.training(c.sampler(), lengths, c.batchSize(), recipe.seed(), 0, epoch, false);
        counts.add(Batches.cutForTraining(order, lengths, c.batchSize(), 30).size());
      }
      assertTrue(new HashSet<>(counts).size() > 1, "they are all alike: " + counts);
      TrainerRun.Outcome run = TinyClassifier.run(recipe, more, valid).go();
      double all = counts.get(0) + counts.get(1) + .5 * counts.get(2);
      assertEquals(Math.round(all), run.losses().size(), "of epochs of " + counts);
      assertEquals(3, run.epochs().size());
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    TrainerRun.Outcome one = run().go();
    assertSame(one, run().go(), "same seed");
    TrainerRun.Outcome other = run("seed=43").go();
    assertFalse(Arrays.equals(one.tensors().get(0), other.tensors().get(0)));
  }

  /** In every phase of gradual unfreezing: within an epoch and at its border. */
  @Test
  void aStoppedRunThatIsResumedEqualsOneThatWasNot() {
    for (String encoder : new String[] {"masked", "lesson"}) {
      String key = "classifier.encoder=" + encoder;
      Path wholeLog = dir.resolve(encoder + ".jsonl");
      TrainerRun.Outcome whole = run(key).log(wholeLog).go();
      int epoch = whole.losses().size() / whole.epochs().size();
      assertTrue(epoch >= 5, "too short to be stopped: " + epoch);
      List<Integer> stops = new ArrayList<>();
      for (int e = 0; e < whole.epochs().size(); e++) {
        stops.add(e * epoch + 1 + e % 3);
        stops.add((e + 1) * epoch);
      }
      boolean all = encoder.equals("masked");
      for (int stop : all ? stops.subList(0, stops.size() - 1) : stops.subList(5, 7)) {
        Path checkpoints = dir.resolve(encoder + stop);
        Path log = dir.resolve(encoder + stop + ".jsonl");
        TrainerRun<Classifier> first = run(key).log(log).stopAfter(checkpoints, stop);
        UlmfitException stopped = assertThrows(UlmfitException.class, first::go);
        assertEquals(UlmfitException.Kind.INTERRUPTED, stopped.kind());
        TrainerRun.Outcome resumed = run(key).modelSeed(99).log(log).resume(checkpoints).go();
        assertEquals(TimelessLog.read(wholeLog), TimelessLog.read(log), encoder + stop);
        assertSame(whole, resumed, encoder + " stopped after step " + stop);
        assertEquals(whole.losses().subList(stop, whole.losses().size()), resumed.losses());
      }
    }
  }

  /**
   * What stands in a batch decides how far it is padded, and the lesson's classifier reads that.
   */
  @Test
  void aSetIsReadInTheOrderOfTheSamplersLibrary() {
    List<float[][]> read = new ArrayList<>();
    for (String sampler : List.of("sortish-2018-03", "sortish-2018-04")) {
      boolean ascending = sampler.equals("sortish-2018-03");
      TrainerRun<Classifier> trained =
          run(
              "classifier.encoder=lesson",
              "classifier.sampler=" + sampler,
              "classifier.evalBatchSize=6",
              "classifier.stages=[" + TinyClassifier.phase(0, 1) + "]");
      Recipe recipe =
          TinyClassifier.recipe(
              "classifier.encoder=lesson",
              "classifier.sampler=" + sampler,
              "classifier.evalBatchSize=6");
      trained.everyStep(
          model -> {
            int[][] ids = new int[valid.size()][];
            Arrays.setAll(ids, valid::ids);
            int[] lengths = Arrays.stream(ids).mapToInt(row -> row.length).toArray();
            int[] order = Samplers.sorted(lengths, !ascending);
            float[][] expected = new float[ids.length][];
            try (Inference now = model.inference()) {
              for (int from = 0; from < order.length; from += 6) {
                int[] batch = Arrays.copyOfRange(order, from, Math.min(from + 6, order.length));
                int[][] rows = Arrays.stream(batch).mapToObj(d -> ids[d]).toArray(int[][]::new);
                float[][] logits =
                    now.logits(rows, new Inference.Batching(6, 0, ascending), done -> {});
                for (int i = 0; i < batch.length; i++) {
                  expected[batch[i]] = new Softmax().probabilities(logits[i]);
                }
              }
            }
            float[][] scored;
            try (Inference now = model.inference()) {
              scored =
                  Scorer.fit(
                          Scorer.logits(now, valid, recipe.classifier()),
                          valid,
                          TinyClassifier.LABELS,
                          Labelling.SINGLE)
                      .scores()
                      .probabilities();
            }
            for (int d = 0; d < ids.length; d++) {
              assertArrayEquals(expected[d], scored[d], 1e-6f, sampler + ", document " + d);
            }
            if (read.size() < (ascending ? 1 : 2)) {
              read.add(scored);
            }
          });
      trained.go();
    }
    assertFalse(Arrays.deepEquals(read.get(0), read.get(1)), "the orders make a difference");
  }

  /** Frozen groups: no gradient, not one bit moved; unfrozen ones move. */
  @Test
  void everyPhaseMovesItsOwnGroupsOnly() {
    int perEpoch = run().go().losses().size() / 5;
    List<List<float[]>> history = new ArrayList<>();
    Set<String> gradients = new HashSet<>();
    run()
        .everyStep(
            model -> {
              List<float[]> groups = new ArrayList<>();
              for (LayerGroup group : model.groups()) {
                groups.add(group.parameters().get(0).value().toFloatArray());
                boolean has = group.parameters().get(0).value().hasGradient();
                if (has && !group.parameters().get(0).trainable()) {
                  gradients.add(group.name());
                }
              }
              history.add(groups);
            })
        .go();
    assertEquals(Set.of(), gradients, "frozen groups with a gradient");
    for (int phase = 0; phase < 4; phase++) {
      List<float[]> from = history.get(phase * perEpoch);
      List<float[]> to = history.get((phase + 1) * perEpoch - 1);
      int firstTrained = phase == 3 ? 0 : 4 - phase;
      for (int group = 0; group < 5; group++) {
        boolean moved = !Arrays.equals(from.get(group), to.get(group));
        assertEquals(group >= firstTrained, moved, "phase " + phase + ", group " + group);
      }
    }
  }

  @Test
  void stepsLeaveNoArrays() {
    long before = LiveArrays.all();
    List<Long> counts = new ArrayList<>();
    run("classifier.stages=[" + TinyClassifier.phase(0, 3) + "]", "classifier.maxLength=1000")
        .everyStep(model -> counts.add(LiveArrays.under(model.manager())))
        .go();
    assertEquals(before, LiveArrays.all(), "a closed run keeps arrays");
    // batches differ in chunks, the same batch shape returns in every epoch
    int epoch = counts.size() / 3;
    assertEquals(
        counts.subList(epoch, 2 * epoch).stream().sorted().toList(),
        counts.subList(2 * epoch, 3 * epoch).stream().sorted().toList());
  }

  /**
   * Features read once train the head as features read at every step do, where neither drops out;
   * later phases read again.
   */
  @Test
  void keptFeaturesTrainTheHeadAsFeaturesReadAgain() {
    String head = TinyClassifier.phase(-1, 3).replace("2.0e-2", "1.0e-3");
    String top = TinyClassifier.phase(-2, 1).replace("2.0e-2", "1.0e-3");
    String still = "classifier.dropout={input: 0, embedding: 0, weight: 0, hidden: 0, output: 0.4}";
    List<TrainerRun.Outcome> runs = new ArrayList<>();
    for (boolean frozenDropout : new boolean[] {true, false}) {
      String setting = "classifier.frozenDropout=" + frozenDropout;
      runs.add(run(setting, still, "classifier.stages=[" + head + ", " + top + "]").go());
    }
    for (int step = 0; step < runs.get(0).losses().size(); step++) {
      double read = runs.get(0).losses().get(step);
      // batch norm of a few rows enlarges the last bits from step to step
      assertEquals(read, runs.get(1).losses().get(step), step == 0 ? 1e-4 : 2e-3, "step " + step);
    }
    assertFalse(runs.get(0).losses().equals(runs.get(1).losses()), "both runs read every step");
    float[] frozen = run(still, "classifier.stages=[" + head + "]").go().tensors().get(LAST_LSTM);
    float[] read = runs.get(0).tensors().get(LAST_LSTM);
    assertArrayEquals(read, runs.get(1).tensors().get(LAST_LSTM), 2e-3f);
    assertFalse(Arrays.equals(frozen, read), "the last LSTM was not trained in its phase");
    assertFalse(Arrays.equals(frozen, runs.get(1).tensors().get(LAST_LSTM)), "nor with kept ones");
  }

  @Test
  void withKeptFeaturesARunIsResumedToTheSameEnd() {
    String[] settings = {"classifier.frozenDropout=false"};
    TrainerRun.Outcome whole = run(settings).go();
    for (long stop : new long[] {3, 10}) {
      Path checkpoints = dir.resolve("frozen-" + stop);
      assertThrows(UlmfitException.class, () -> run(settings).stopAfter(checkpoints, stop).go());
      assertSame(whole, run(settings).resume(checkpoints).modelSeed(99).go(), "step " + stop);
    }
  }

  /** Two epochs that are no better than the best of the phase end it; resumed ones count on. */
  @Test
  void aPhaseEndsWhenItsEpochsGetNoBetter() {
    String[] settings = {
      "classifier.stages=[" + TinyClassifier.phase(0, 8) + ", " + TinyClassifier.phase(0, 6) + "]",
      "checkpoint.bestBy=accuracy"
    };
    List<Epoch> all = run(settings).go().epochs();
    assertEquals(14, all.size());
    int expected = 0; // epochs of the first phase
    double best = -1;
    for (int since = 0; expected < 8 && since < 2; expected++) {
      double accuracy = all.get(expected).validation().accuracy();
      since = accuracy > best ? 0 : since + 1;
      best = Math.max(best, accuracy);
    }
    assertTrue(expected < 8, "the first phase goes on to its end, which shows nothing");
    TrainerRun.Outcome whole = run(settings).patience(2).go();
    assertEquals(expected, whole.epochs().stream().filter(e -> e.phase() == 0).count());
    assertEquals(1, whole.epochs().get(expected).phase(), "the second phase follows");
    int perEpoch = whole.losses().size() / whole.epochs().size();
    int first = expected * perEpoch;
    for (int stop : new int[] {first - perEpoch + 1, first - perEpoch, first, first + 2}) {
      Path checkpoints = dir.resolve("patience-" + stop);
      TrainerRun<Classifier> part = run(settings).patience(2).stopAfter(checkpoints, stop);
      assertThrows(UlmfitException.class, part::go);
      TrainerRun.Outcome resumed = run(settings).patience(2).resume(checkpoints).go();
      assertSame(whole, resumed, "stopped after " + stop);
      assertEquals(whole.losses().size() - stop, resumed.losses().size());
    }
  }

  /** The saved model is that of the best epoch by the figure that was asked for. */
  @Test
  void theBestEpochIsTheOneOfTheFigureAskedFor() {
    int better = 0;
    for (String by : List.of("loss", "accuracy", "macro-f1")) {
      String[] settings = {
        "checkpoint.best=save",
        "checkpoint.bestBy=" + by,
        "classifier.stages=[" + TinyClassifier.phase(0, 12).replace("2.0e-2", "3.0e-1") + "]"
      };
      TrainerRun.Outcome outcome = run(settings).checkpoints(dir.resolve(by)).go();
      double best =
          outcome.epochs().stream().mapToDouble(e -> -figure(by, e.validation())).min().orElse(0);
      assertEquals(-best, figure(by, outcome.saved()), 1e-6, by);
      double last = figure(by, outcome.epochs().get(11).validation());
      assertTrue(-best >= last, by);
      better += -best > last ? 1 : 0;
    }
    assertTrue(better > 0, "the last epoch is the best by all figures, which shows nothing");
  }

  private TrainerRun.Outcome soft(Map<String, float[]> rows) {
    Recipe recipe = TinyClassifier.recipe();
    SoftLabels soft = rows.isEmpty() ? null : new SoftLabels(TinyClassifier.LABELS, rows);
    return TinyClassifier.run(
            recipe,
            new ClassifierRows(train, valid, null, soft, Labelling.SINGLE, TinyClassifier.LABELS))
        .go();
  }

  /** A distribution that is all one label trains as the label does; another does not. */
  @Test
  void distributionsTakeThePlaceOfLabels() {
    Map<String, float[]> rows = new HashMap<>();
    int classes = TinyClassifier.LABELS.size();
    for (int doc = 0; doc < train.size(); doc += 2) {
      float[] certain = new float[classes];
      certain[train.labels(doc)[0]] = 1;
      rows.put(train.id(doc), certain);
    }
    List<Double> hard = soft(Map.of()).losses();
    List<Double> certain = soft(rows).losses();
    for (int step = 0; step < hard.size(); step++) {
      assertEquals(hard.get(step), certain.get(step), 1e-4, "step " + step);
    }
    rows.replaceAll(
        (id, own) -> {
          float[] even = new float[classes];
          Arrays.fill(even, 1f / classes);
          return even;
        });
    assertFalse(Math.abs(hard.get(0) - soft(rows).losses().get(0)) < 1e-4);
  }

  private TrainerRun<Classifier> adversarial(TokenStore others, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "classifier.adversarial.kind=vat",
                "classifier.adversarial.entropy=0.5",
                "classifier.adversarial.unlabelled=1",
                "classifier.stages=["
                    + TinyClassifier.phase(-1, 1)
                    + ", "
                    + TinyClassifier.phase(0, 1)
                    + "]"));
    settings.addAll(List.of(more));
    Recipe recipe = TinyClassifier.recipe(settings.toArray(String[]::new));
    return TinyClassifier.run(recipe, Labelling.SINGLE, train, valid, others);
  }

  /**
   * Virtual adversarial training with texts of its own, in a phase of the head alone and in one of
   * all layers.
   */
  @Test
  void anAdversarialRunThatIsResumedEqualsOneThatWasNot() {
    try (TokenStore others = TinyClassifier.store(dir.resolve("others.tokens"), 33, 3)) {
      TrainerRun.Outcome whole = adversarial(others).go();
      int steps = whole.losses().size();
      for (int stop : new int[] {steps / 2 + 3}) {
        Path checkpoints = dir.resolve("adversarial" + stop);
        assertThrows(
            UlmfitException.class, () -> adversarial(others).stopAfter(checkpoints, stop).go());
        TrainerRun.Outcome resumed = adversarial(others).modelSeed(99).resume(checkpoints).go();
        assertSame(whole, resumed, "stopped after " + stop);
      }
      TrainerRun.Outcome other = adversarial(others, "classifier.adversarial.weight=0.5").go();
      assertFalse(Arrays.equals(whole.tensors().get(0), other.tensors().get(0)));
    }
  }

  @Test
  void adversarialStepsLeaveNoArrays() {
    long before = LiveArrays.all();
    List<Long> counts = new ArrayList<>();
    try (TokenStore others = TinyClassifier.store(dir.resolve("others.tokens"), 33, 3)) {
      adversarial(others, "classifier.stages=[" + TinyClassifier.phase(0, 3) + "]")
          .everyStep(model -> counts.add(LiveArrays.under(model.manager())))
          .go();
    }
    assertEquals(before, LiveArrays.all(), "a closed run keeps arrays");
    int epoch = counts.size() / 3;
    assertEquals(
        counts.subList(epoch, 2 * epoch).stream().mapToLong(n -> n).max(),
        counts.subList(2 * epoch, 3 * epoch).stream().mapToLong(n -> n).max());
  }

  /** Averages as arithmetic in double gives them of the weights after each step. */
  @Test
  void averagesOfAllTensorsAreValidatedAndSaved() {
    List<List<float[]>> weights = new ArrayList<>();
    TrainerRun.Outcome plain =
        run()
            .prepare(model -> weights.add(TrainerRun.tensors(model.tensors())))
            .everyStep(model -> weights.add(TrainerRun.tensors(model.tensors())))
            .go();
    TrainerRun.Outcome averaged = run().ema(.8).go();
    assertEquals(plain.losses(), averaged.losses(), "training goes on with the weights themselves");
    for (int t = 0; t < averaged.tensors().size(); t++) {
      float[] own = averaged.tensors().get(t);
      double[] expected = doubles(weights.get(0).get(t));
      for (int n = 1; n < weights.size(); n++) {
        double kept = Math.min(.8, (1.0 + n) / (10.0 + n));
        for (int i = 0; i < expected.length; i++) {
          expected[i] = kept * expected[i] + (1 - kept) * weights.get(n).get(t)[i];
        }
      }
      assertArrayEquals(expected, doubles(own), 1e-6, "tensor " + t);
    }
    Evaluation last = averaged.epochs().get(averaged.epochs().size() - 1).validation();
    assertEquals(averaged.saved().loss(), last.loss());
    assertFalse(last.loss() == plain.saved().loss());
  }

  private static double[] doubles(float[] values) {
    double[] all = new double[values.length];
    Arrays.setAll(all, i -> values[i]);
    return all;
  }

  @Test
  void aStoppedRunGoesOnWithItsAverages() {
    TrainerRun.Outcome whole = run().ema(.9).go();
    int epoch = whole.losses().size() / whole.epochs().size();
    for (int stop : new int[] {epoch, epoch + 1}) {
      Path checkpoints = dir.resolve("averages" + stop);
      assertThrows(UlmfitException.class, () -> run().ema(.9).stopAfter(checkpoints, stop).go());
      TrainerRun.Outcome resumed = run().ema(.9).modelSeed(99).resume(checkpoints).go();
      assertSame(whole, resumed, "stopped after " + stop);
      assertEquals(whole.saved(), resumed.saved());
    }
  }

  @Test
  void theBestEpochIsThatOfTheAverages() {
    String[] settings = {
      "checkpoint.best=save",
      "checkpoint.bestBy=loss",
      "classifier.stages=[" + TinyClassifier.phase(0, 12).replace("2.0e-2", "3.0e-1") + "]"
    };
    TrainerRun.Outcome outcome = run(settings).ema(.5).checkpoints(dir.resolve("best")).go();
    double best = outcome.epochs().stream().mapToDouble(e -> e.validation().loss()).min().orElse(0);
    assertTrue(best < outcome.epochs().get(11).validation().loss(), "the last is the best");
    assertEquals(best, outcome.saved().loss(), 1e-6);
  }

  private static double figure(String by, Evaluation evaluation) {
    return switch (by) {
      case "loss" -> -evaluation.loss();
      case "accuracy" -> evaluation.accuracy();
      default -> evaluation.macroF1();
    };
  }
}
