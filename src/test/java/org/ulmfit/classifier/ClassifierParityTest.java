package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.TestConfigs;
import org.ulmfit.nn.EngineFixture;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.Perturbation;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Torch;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Fit;
import org.ulmfit.train.LossRecorder;
import org.ulmfit.train.Trainer;
import org.ulmfit.vocab.TokenStore;

/** The classifier, in its masked layout, against fastai 2's text classifier on its own padding. */
@Tag("engine")
@Tag("parity")
class ClassifierParityTest extends EngineFixture {

  private static final double FORWARD = 1e-5;
  private static final double GRADIENT = 1e-4; // of a tensor's largest
  private static final double STEPS = 1e-4;
  private static final int PAD = 1;

  /** A logit that far off is not rounding. */
  private static final double OTHER = 1e-3;

  @TempDir Path dir;

  private Classifier model(ParityCase c, String prefix, Comparison compared) {
    ModelConfig config =
        TestConfigs.of(
            "classifier",
            new AwdLstmSizes(
                c.number("vocabulary"),
                c.number("embedding"),
                c.number("hidden"),
                c.number("layers"),
                false),
            recipe(c).text(),
            new ModelConfig.Head(
                c.number("classes"),
                c.number("headSize"),
                false,
                "masked",
                c.number("bptt"),
                c.number("maxLength")));
    Recipe.Classifier undropped =
        TinyClassifier.recipe("classifier.dropMult=0", "classifier.headDropout=0").classifier();
    Classifier model = new Classifier(manager, kernels, config, PAD, undropped);
    compared.names(prefix, model.tensors().keySet());
    model.tensors().forEach((name, t) -> Tensors.set(t, c.buffer(prefix + "/" + name)));
    return model;
  }

  private static Map<String, Parameter> named(Classifier model) {
    return Comparison.named(
        model.groups(), n -> (n.startsWith("layers") ? "1." : Classifier.ENCODER) + n);
  }

  @TestFactory
  Stream<DynamicTest> documentsOfMixedLength() {
    return ParityCase.tests("classifier", this::compare);
  }

  private void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    try (Classifier model = model(c, "weights", compared)) {
      answers(c, model, compared);
      if (c.fact("comparesBatch").booleanValue()) {
        train(c, model, compared);
      }
    }
    compared.finish();
  }

  private static void answers(ParityCase c, Classifier model, Comparison compared) {
    int[][] documents = c.documents();
    float[] alone = c.floats("alone"); // (documents, classes)
    float[] together = c.floats("together");
    int classes = c.number("classes");
    try (Inference inference = model.inference()) {
      float[][] ours = inference.logits(documents);
      int others = 0;
      for (int d = 0; d < documents.length; d++) {
        float[] one = Arrays.copyOfRange(alone, d * classes, (d + 1) * classes);
        float[] batched = Arrays.copyOfRange(together, d * classes, (d + 1) * classes);
        float[] ownAlone = inference.logits(new int[][] {documents[d]})[0];
        compared.absolute("logits of our batch, fastai's documents alone", FORWARD, one, ours[d]);
        compared.absolute("logits of documents alone, both", FORWARD, one, ownAlone);
        if (c.fact("comparesBatch").booleanValue()) {
          compared.absolute("logits of the batch, both", FORWARD, batched, ours[d]);
        }
        others += differ(one, batched) ? 1 : 0;
      }
      compared.note(
          "fastai's documents whose logits in the batch are not those alone",
          others + " of " + documents.length);
    }
  }

  private static boolean differ(float[] a, float[] b) {
    boolean differ = false;
    for (int k = 0; k < a.length; k++) {
      differ |= !(Math.abs(a[k] - b[k]) < OTHER);
    }
    return differ;
  }

  /** One training batch without dropout: batch statistics, gradients, AR and TAR. */
  private void train(ParityCase c, Classifier model, Comparison compared) {
    named(model).values().forEach(p -> p.trainable(true));
    int[][] documents = c.documents();
    int[][] labels =
        Arrays.stream(c.longs("labels"))
            .mapToObj(label -> new int[] {(int) label})
            .toArray(int[][]::new);
    Objective objective =
        new CrossEntropy(c.fact("alpha").doubleValue(), c.fact("beta").doubleValue());
    try (NDManager step = manager.newSubManager()) {
      try (GradientCollector collector = Torch.engine().newGradientCollector()) {
        TextModel.Forward forward = model.forward(step, model.collator().collate(documents));
        double loss = objective.backward(step, collector, kernels, forward, labels);
        double difference = Math.abs(c.doubles("loss")[0] - loss);
        compared.within("training loss", FORWARD, difference, "");
        float[] logits = forward.logits().toFloatArray();
        compared.absolute("training logits", FORWARD, c.floats("training"), logits);
      }
      Kernels.withoutRecording(() -> gradients(c, step, model, compared));
    }
    for (String name : c.names("statistics")) {
      float[] ours = model.tensors().get(name).toFloatArray();
      compared.absolute("running statistics", FORWARD, c.floats("statistics/" + name), ours);
    }
  }

  /** With padding, AR and TAR are means over other steps than fastai's: compared with both. */
  private static void gradients(
      ParityCase c, NDManager step, Classifier model, Comparison compared) {
    Map<String, Parameter> named = named(model);
    compared.names("gradient", named.keySet());
    boolean asFastai = c.fact("comparesGradients").booleanValue();
    double largest = 0;
    for (Map.Entry<String, Parameter> p : named.entrySet()) {
      float[] theirs = c.floats("gradient/" + p.getKey());
      float[] ours = p.getValue().gradient(step).toFloatArray();
      if (asFastai) {
        compared.relative("every gradient", GRADIENT, p.getKey(), theirs, ours);
      } else {
        float[] own = c.floats("own-gradient/" + p.getKey());
        compared.relative(
            "every gradient, AR and TAR over own steps", GRADIENT, p.getKey(), own, ours);
        largest = Math.max(largest, Comparison.relative(theirs, ours));
      }
    }
    if (!asFastai) {
      String measured = String.format(Locale.ROOT, "%.1e", largest);
      compared.note("every gradient, fastai's AR and TAR", measured);
    }
  }

  @TestFactory
  Stream<DynamicTest> adversarialTraining() {
    return ParityCase.tests("adversarial", this::adversary);
  }

  /** Labelled documents and others of one step, the random ways as they were drawn there. */
  private void adversary(ParityCase c) {
    Comparison compared = new Comparison(c);
    Recipe.Adversarial settings =
        new Recipe.Adversarial(
            Recipe.Adversarial.Kind.valueOf(c.fact("adversary").asText().toUpperCase(Locale.ROOT)),
            c.fact("epsilon").doubleValue(),
            c.fact("xi").doubleValue(),
            c.fact("weight").doubleValue(),
            c.fact("entropy").doubleValue(),
            1);
    int[][] labels =
        Arrays.stream(c.longs("labels"))
            .mapToObj(label -> new int[] {(int) label})
            .toArray(int[][]::new);
    try (Classifier model = model(c, "weights", compared);
        NDManager step = manager.newSubManager()) {
      named(model).values().forEach(p -> p.trainable(true));
      Batch labelled = new Batch(model, c.documents(), c.floats("drawn"));
      Batch others = new Batch(model, c.documents("others/"), c.floats("others/drawn"));
      List<NDArray> drawn = new ArrayList<>(labelled.drawn(step));
      drawn.addAll(others.drawn(step));
      Adversary adversary =
          new Adversary(
              settings,
              Labelling.SINGLE,
              model,
              (owner, shape) -> {
                NDArray next = drawn.remove(0);
                assertEquals(shape, next.getShape());
                return next;
              });
      try (GradientCollector collector = Torch.engine().newGradientCollector()) {
        double loss =
            adversary.backward(
                step,
                collector,
                labelled,
                (owner, read) -> new CrossEntropy(0, 0).losses(owner, kernels, read, labels),
                List.of(others));
        compared.within("loss", FORWARD, Math.abs(c.doubles("loss")[0] - loss), "");
      }
      Kernels.withoutRecording(() -> gradients(c, step, model, compared));
      for (String name : c.names("statistics")) {
        float[] ours = model.tensors().get(name).toFloatArray();
        compared.absolute("running statistics", FORWARD, c.floats("statistics/" + name), ours);
      }
    }
    compared.finish();
  }

  /**
   * Documents of a case.
   *
   * @param ways what is drawn for each of their tokens (tokens, E)
   */
  private record Batch(Classifier model, int[][] documents, float[] ways)
      implements Adversary.Texts {
    @Override
    public int rows() {
      return documents.length;
    }

    @Override
    public TextModel.Forward read(NDManager owner, Perturbation perturbation) {
      return model.forward(owner, model.collator().collate(documents), perturbation);
    }

    /** By part (steps, rows, E). */
    List<NDArray> drawn(NDManager owner) {
      int width = ways.length / Arrays.stream(documents).mapToInt(d -> d.length).sum();
      List<NDArray> drawn = new ArrayList<>();
      try (NDManager own = owner.newSubManager()) {
        TextModel.Forward read = read(own, new Perturbation(null, true, false));
        int from = documents[0].length - Math.toIntExact(read.kept().getShape().get(0));
        for (Perturbation.Part part : read.parts()) {
          int steps = (int) part.x().getShape().get(0);
          int rows = (int) part.x().getShape().get(1);
          float[] values = new float[steps * rows * width];
          int start = 0;
          for (int row = 0; row < rows; row++) {
            for (int t = 0; t < steps && from + t < documents[row].length; t++) {
              System.arraycopy(
                  ways, (start + from + t) * width, values, (t * rows + row) * width, width);
            }
            start += documents[row].length;
          }
          drawn.add(owner.create(values, new Shape(steps, rows, width)));
          from += steps;
        }
      }
      return drawn;
    }
  }

  @TestFactory
  Stream<DynamicTest> trainingSteps() {
    return ParityCase.tests("classifier-steps", this::steps);
  }

  private void steps(ParityCase c) {
    Comparison compared = new Comparison(c);
    Recipe recipe = recipe(c);
    try (TokenStore store = c.store(dir, c.longs("labels"));
        Classifier model = model(c, "start", compared)) {
      LossRecorder listener = new LossRecorder();
      List<String> labels = List.of("a", "b", "c").subList(0, c.number("classes"));
      ClassifierTask task =
          new ClassifierTask(
              model,
              ClassifierRows.of(store, store, Labelling.SINGLE, labels),
              recipe,
              listener::note);
      Recipe.Classifier settings = recipe.classifier();
      new Trainer(
              task,
              new Fit(settings.stages(), settings.optimizer(), 0, 1),
              null,
              EarlyStopping.NONE,
              listener,
              new Stop())
          .run(false);
      compared.losses("losses of all steps", STEPS, c.doubles("losses"), listener.losses());
      String what = "parameters and statistics after " + listener.losses().size() + " steps";
      model
          .tensors()
          .forEach(
              (name, t) ->
                  compared.absolute(what, STEPS, c.floats("end/" + name), t.toFloatArray()));
    }
    compared.finish();
  }

  private static Recipe recipe(ParityCase c) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "classifier.encoder=masked",
                "classifier.bptt=" + c.fact("bptt"),
                "classifier.maxLength=" + c.fact("maxLength")));
    if (c.fact("kind").asText().equals("classifier-steps")) {
      settings.addAll(
          List.of(
              "classifier.batchSize=" + c.documents().length,
              "classifier.maxBatchTokens=0",
              "classifier.dropMult=0",
              "classifier.headDropout=0",
              "classifier.alpha=0",
              "classifier.beta=0"));
      settings.addAll(c.training("classifier"));
    }
    return Recipes.parse("{}", c.name(), settings);
  }
}
