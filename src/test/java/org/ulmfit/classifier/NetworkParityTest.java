package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.ngram.NgramFeatures;
import org.ulmfit.nn.EngineFixture;
import org.ulmfit.nn.FeatureNetwork;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.TextNetwork;
import org.ulmfit.nn.Torch;
import org.ulmfit.nn.Weights;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Fit;
import org.ulmfit.train.LossRecorder;
import org.ulmfit.train.Trainer;
import org.ulmfit.vocab.TokenStore;

/** Networks from random weights against twins in PyTorch that read each document by itself. */
@Tag("engine")
@Tag("parity")
class NetworkParityTest extends EngineFixture {
  private static final double FORWARD = 1e-5;
  private static final double GRADIENT = 1e-4; // of a tensor's largest
  private static final double STEPS = 1e-4;
  private static final int PAD = 1;

  @TempDir Path dir;

  @TestFactory
  Stream<DynamicTest> networks() {
    return ParityCase.tests("network", this::compare);
  }

  private void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    try (NetworkModel model = model(c, compared)) {
      answers(c, model, compared);
      gradients(c, model, compared);
    }
    try (NetworkModel model = model(c, compared)) {
      steps(c, model, compared);
    }
    compared.finish();
  }

  private NetworkModel model(ParityCase c, Comparison compared) {
    Recipe recipe = recipe(c);
    NetworkFamily family =
        NetworkFamily.ALL.stream()
            .filter(f -> f.name().equals(c.fact("family").asText()))
            .findFirst()
            .orElseThrow();
    NetworkSizes sizes =
        NetworkSizes.of(c.number("vocabulary"), c.number("classes"), recipe.network());
    TextNetwork network =
        new TextNetwork(
            manager, kernels, family.sizes(sizes), TextNetwork.Dropouts.NONE, Weights.ZERO);
    compared.names("weights", network.tensors().keySet());
    network.tensors().forEach((name, t) -> Tensors.set(t, c.buffer("weights/" + name)));
    return new NetworkModel(network, NetworkReading.of(sizes, new Marks(new int[0]), PAD), true);
  }

  private static Recipe recipe(ParityCase c) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "classifier.batchSize=" + c.longs("lengths").length,
                "classifier.maxBatchTokens=0",
                "classifier.optimizer.beta2=" + c.fact("beta2"),
                "classifier.optimizer.epsilon=" + c.fact("epsilon").doubleValue(),
                "classifier.optimizer.weightDecay=0",
                "classifier.optimizer.clip=0",
                "classifier.stages=[{freezeTo: 0, epochs: "
                    + c.doubles("losses").length
                    + ", rates: {lr: "
                    + c.fact("rate")
                    + ", factor: 1}, schedule: {kind: constant}}]"));
    Map.of(
            "embeddingSize", "embedding",
            "embeddingNorm", "norm",
            "units", "units",
            "lastForward", "lastForward",
            "kernelSize", "kernel",
            "poolSize", "pool",
            "dilations", "dilations",
            "pooling", "pooling",
            "masking", "masking",
            "hidden", "hidden")
        .forEach((key, fact) -> settings.add("network." + key + "=" + c.fact(fact)));
    settings.add("network.length=" + c.number("length"));
    return Recipes.parse("{}", c.name(), settings);
  }

  /** Every document alone, and all at once. */
  private static void answers(ParityCase c, NetworkModel model, Comparison compared) {
    int[][] documents = c.documents();
    int classes = c.number("classes");
    float[] expected = c.floats("logits"); // (documents, classes)
    try (Inference inference = model.inference()) {
      float[][] together = inference.logits(documents);
      for (int d = 0; d < documents.length; d++) {
        float[] one = Arrays.copyOfRange(expected, d * classes, (d + 1) * classes);
        float[] alone = inference.logits(new int[][] {documents[d]})[0];
        compared.absolute("logits of a batch", FORWARD, one, together[d]);
        compared.absolute("logits of documents alone", FORWARD, one, alone);
      }
    }
  }

  private void gradients(ParityCase c, NetworkModel model, Comparison compared) {
    Map<String, Parameter> named = Comparison.named(model.groups(), name -> name);
    compared.names("gradient", named.keySet());
    named.values().forEach(p -> p.trainable(true));
    int[][] labels =
        Arrays.stream(c.longs("labels"))
            .mapToObj(label -> new int[] {(int) label})
            .toArray(int[][]::new);
    try (TokenStore store = c.store(dir, c.longs("labels"));
        NDManager step = manager.newSubManager()) {
      int[] all = IntStream.range(0, store.size()).toArray();
      try (GradientCollector collector = Torch.engine().newGradientCollector()) {
        TextModel.Forward forward = model.forward(step, store, all);
        double loss = new CrossEntropy(0, 0).backward(step, collector, kernels, forward, labels);
        compared.within("training loss", FORWARD, Math.abs(c.doubles("losses")[0] - loss), "");
        compared.absolute(
            "training logits", FORWARD, c.floats("training"), forward.logits().toFloatArray());
      }
      Kernels.withoutRecording(
          () ->
              named.forEach(
                  (name, p) ->
                      compared.relative(
                          "every gradient",
                          GRADIENT,
                          name,
                          c.floats("gradient/" + name),
                          p.gradient(step).toFloatArray())));
    }
  }

  private void steps(ParityCase c, NetworkModel model, Comparison compared) {
    Recipe recipe = recipe(c);
    try (TokenStore store = c.store(dir, c.longs("labels"))) {
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
      model
          .tensors()
          .forEach(
              (name, t) ->
                  compared.absolute(
                      "tensors after all steps", STEPS, c.floats("end/" + name), t.toFloatArray()));
    }
  }

  @TestFactory
  Stream<DynamicTest> denseLayersOnFeatures() {
    return ParityCase.tests("features", this::features);
  }

  private void features(ParityCase c) {
    Comparison compared = new Comparison(c);
    List<Integer> hidden = new ArrayList<>();
    c.fact("hidden").forEach(width -> hidden.add(width.intValue()));
    var sizes = new FeatureNetwork.Sizes(c.number("features"), hidden, c.number("classes"));
    try (FeatureNetwork network = new FeatureNetwork(manager, kernels, sizes, 0, 0, Weights.ZERO);
        NDManager step = manager.newSubManager()) {
      compared.names("weights", network.tensors().keySet());
      network.tensors().forEach((name, t) -> Tensors.set(t, c.buffer("weights/" + name)));
      Map<String, Parameter> named = Comparison.named(network.groups(), name -> name);
      named.values().forEach(p -> p.trainable(true));
      List<NgramFeatures.Row> rows = new ArrayList<>();
      float[] values = c.floats("values");
      int at = 0;
      for (int[] own : c.documents()) {
        rows.add(new NgramFeatures.Row(own, Arrays.copyOfRange(values, at, at + own.length)));
        at += own.length;
      }
      int[][] labels =
          Arrays.stream(c.longs("labels"))
              .mapToObj(label -> new int[] {(int) label})
              .toArray(int[][]::new);
      try (GradientCollector collector = Torch.engine().newGradientCollector()) {
        NDArray logits = network.forward(step, NgramMlpInference.batch(rows), true);
        compared.absolute("training logits", FORWARD, c.floats("logits"), logits.toFloatArray());
        NDArray none = step.zeros(new Shape(1, 1, 1));
        new CrossEntropy(0, 0)
            .backward(
                step,
                collector,
                kernels,
                new TextModel.Forward(logits, none, none, () -> {}, List.of()),
                labels);
      }
      Kernels.withoutRecording(
          () ->
              named.forEach(
                  (name, p) ->
                      compared.relative(
                          "every gradient",
                          GRADIENT,
                          name,
                          c.floats("gradient/" + name),
                          p.gradient(step).toFloatArray())));
    }
    compared.finish();
  }
}
