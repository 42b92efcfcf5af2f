package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.nn.EngineThreads;
import org.ulmfit.nn.TextNetwork;
import org.ulmfit.nn.Torch;
import org.ulmfit.nn.Weights;
import org.ulmfit.train.TrainerRun;
import org.ulmfit.vocab.TokenStore;

/** Networks from random weights in the loop: with every dropout, stopped and resumed. */
@Tag("engine")
class NetworkTrainingLoopTest {
  private static final TextNetwork.Dropouts DROPOUTS = new TextNetwork.Dropouts(.1, .1, .2, .1, .2);

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

  private TrainerRun<NetworkModel> run(String family, int epochs) {
    boolean recurrent = List.of("rnn", "lstm", "bilstm").contains(family);
    Recipe recipe =
        TinyClassifier.recipe(
            "network.embeddingSize=6",
            "network.embeddingNorm=" + !recurrent,
            "network.units=[5, 4]",
            "network.pooling=" + (recurrent ? "last" : "mean-max"),
            "network.hidden=[5]",
            "classifier.stages=[" + TinyClassifier.phase(0, epochs) + "]");
    NetworkFamily kind =
        NetworkFamily.ALL.stream().filter(f -> f.name().equals(family)).findFirst().orElseThrow();
    NetworkSizes sizes =
        NetworkSizes.of(TinyClassifier.VOCABULARY, TinyClassifier.LABELS.size(), recipe.network());
    return new TrainerRun<>(
        recipe,
        recipe.classifier().stages(),
        recipe.classifier().optimizer(),
        (manager, kernels) ->
            new NetworkModel(
                new TextNetwork(manager, kernels, kind.sizes(sizes), DROPOUTS, Weights.RANDOM),
                NetworkReading.of(sizes, new Marks(new int[] {20}), TinyClassifier.PAD),
                true),
        (model, events) ->
            new ClassifierTask(
                model,
                ClassifierRows.of(train, valid, Labelling.SINGLE, TinyClassifier.LABELS),
                recipe,
                events::note));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean-embedding", "rnn", "bilstm", "sepcnn", "dgcnn"})
  void aStoppedRunThatIsResumedEqualsOneThatWasNot(String family) {
    TrainerRun.Outcome whole = run(family, 2).go();
    int stop = whole.losses().size() / 2 + 1;
    Path checkpoints = dir.resolve("checkpoints");
    TrainerRun<NetworkModel> first = run(family, 2).stopAfter(checkpoints, stop);
    assertEquals(
        UlmfitException.Kind.INTERRUPTED, assertThrows(UlmfitException.class, first::go).kind());
    TrainerRun.Outcome resumed = run(family, 2).modelSeed(99).resume(checkpoints).go();
    assertEquals(whole.losses().subList(stop, whole.losses().size()), resumed.losses());
    for (int i = 0; i < whole.tensors().size(); i++) {
      assertArrayEquals(whole.tensors().get(i), resumed.tensors().get(i), "tensor " + i);
    }
  }

  @Test
  void itLearnsWhatTheWordsSay() {
    for (String family : List.of("mean-embedding", "lstm", "dgcnn")) {
      TrainerRun.Outcome trained = run(family, 15).go();
      double accuracy = trained.epochs().get(14).validation().accuracy();
      assertTrue(accuracy >= .75, family + ": accuracy " + accuracy);
    }
  }
}
