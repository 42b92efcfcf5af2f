package org.ulmfit.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.interop.ExportJob;
import org.ulmfit.interop.WeightsExport;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.runtimes.RandomNetwork;

/** ulmfit's models opened by DJL as any other, against TextClassifier. */
@Tag("engine")
class DjlModelsTest {
  private static final double TOLERANCE = 1e-5;
  private static final List<String> TEXTS =
      List.of(
          "word3 word4 word5", "", "word29", "word7 unheard word8 word9 word7 word7 word11 word3");

  @TempDir Path dir;

  private static Stream<RandomNetwork> networks() {
    return RandomNetwork.all().stream();
  }

  private static <I, O> Criteria<I, O> exported(Path folder, Class<I> in, Class<O> out) {
    Criteria.Builder<I, O> builder =
        Criteria.builder().setTypes(in, out).optModelPath(folder).optEngine("PyTorch");
    return in == Input.class // of which serving.properties tells DJL by itself
        ? builder.build()
        : builder.optTranslatorFactory(new TextTranslatorFactory()).build();
  }

  private static <I, O> Criteria<I, O> own(Path folder, Class<I> in, Class<O> out) {
    return Criteria.builder().setTypes(in, out).optModelZoo(UlmfitModelZoo.of(folder)).build();
  }

  private Path export(Path model) {
    Path out = dir.resolve("for-djl");
    WeightsExport.write(ExportJob.of(model, ExportJob.Format.DJL, out));
    return out;
  }

  private static void assertSame(List<Prediction> expected, List<Classifications> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      Prediction own = expected.get(i);
      Classifications theirs = actual.get(i);
      assertEquals(List.copyOf(own.probabilities().keySet()), theirs.getClassNames());
      assertArrayEquals(
          own.probabilities().values().stream().mapToDouble(p -> p).toArray(),
          theirs.getProbabilities().stream().mapToDouble(p -> p).toArray(),
          TOLERANCE,
          "text " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void anExportedFolderAndOurOwnAnswerAsTextClassifierDoes(RandomNetwork network) throws Exception {
    ModelFolder model = network.write(dir.resolve("model"));
    Criteria<String, Classifications> exported =
        exported(export(model.path()), String.class, Classifications.class);
    Criteria<String, Classifications> own = own(model.path(), String.class, Classifications.class);
    for (Criteria<String, Classifications> criteria : List.of(exported, own)) {
      String precision = criteria == exported ? "fp32" : null; // as it was trained
      List<Prediction> expected;
      try (TextClassifier classifier = TextClassifier.load(model.path(), "cpu", precision)) {
        expected = classifier.predict(TEXTS);
      }
      try (ZooModel<String, Classifications> loaded = criteria.loadModel();
          Predictor<String, Classifications> predictor = loaded.newPredictor()) {
        if (criteria == own || !network.name().startsWith("lesson")) { // which reads padding
          assertSame(expected, predictor.batchPredict(TEXTS));
        }
        List<Classifications> alone = new ArrayList<>();
        for (String text : TEXTS) {
          alone.add(predictor.predict(text));
        }
        assertSame(expected, alone);
      }
    }
  }

  @Test
  void severalThreadsEachHaveAPredictor() throws Exception {
    ModelFolder model = RandomNetwork.all().get(0).write(dir.resolve("model"));
    for (Criteria<String, Classifications> criteria :
        List.of(
            exported(export(model.path()), String.class, Classifications.class),
            own(model.path(), String.class, Classifications.class))) {
      try (ZooModel<String, Classifications> loaded = criteria.loadModel()) {
        double[] expected = probabilities(loaded);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          Thread thread =
              new Thread(
                  () -> {
                    try {
                      for (int i = 0; i < 10; i++) {
                        assertArrayEquals(expected, probabilities(loaded), TOLERANCE);
                      }
                    } catch (Exception | AssertionError e) {
                      failures.add(e);
                    }
                  });
          threads.add(thread);
          thread.start();
        }
        for (Thread thread : threads) {
          thread.join();
        }
        assertEquals(List.of(), failures);
      }
    }
  }

  private static double[] probabilities(ZooModel<String, Classifications> model)
      throws TranslateException {
    try (Predictor<String, Classifications> predictor = model.newPredictor()) {
      return predictor.batchPredict(TEXTS).stream()
          .flatMap(answer -> answer.getProbabilities().stream())
          .mapToDouble(p -> p)
          .toArray();
    }
  }

  /** Several labels, columns, models on n-grams, ensembles: what no program is exported of. */
  @Test
  void theZooOpensEveryKindOfClassifier() throws Exception {
    Random random = new Random(3);
    List<Document> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      boolean sweet = random.nextBoolean();
      boolean hot = random.nextBoolean();
      List<String> labels = new ArrayList<>(sweet ? List.of("sweet") : List.of());
      if (hot) {
        labels.add("hot");
      }
      String text = (sweet ? "honey sugar " : "salt ") + (hot ? "pepper chili" : "ice") + " " + i;
      rows.add(Document.of(text, labels));
    }
    List<Path> runs = new ArrayList<>();
    for (String family : List.of("ngram-lr", "mean-embedding")) {
      Path run = dir.resolve(family);
      runs.add(run);
      Ulmfit.classifier(Corpus.of(rows)).recipe(family).device("cpu").into(run);
    }
    Path pair = dir.resolve("pair");
    Ulmfit.ensemble(runs).into(pair);
    runs.add(pair);
    List<String> texts = List.of("honey chili", "ice", "");
    for (Path run : runs) {
      try (TextClassifier classifier = TextClassifier.load(run, "cpu", null);
          ZooModel<String, Classifications> model =
              own(run, String.class, Classifications.class).loadModel();
          Predictor<String, Classifications> predictor = model.newPredictor();
          ZooModel<String, Prediction> whole =
              own(run, String.class, Prediction.class).loadModel();
          Predictor<String, Prediction> answers = whole.newPredictor()) {
        List<Prediction> expected = classifier.predict(texts);
        assertSame(expected, predictor.batchPredict(texts));
        assertEquals(expected.get(0).labels(), answers.predict(texts.get(0)).labels());
      }
    }
    ModelFolder network = ModelFolder.open(runs.get(1), "classifier");
    try (TextClassifier classifier = TextClassifier.load(runs.get(1), "cpu", "fp32");
        ZooModel<String, Classifications> model =
            exported(export(network.path()), String.class, Classifications.class).loadModel();
        Predictor<String, Classifications> predictor = model.newPredictor()) {
      assertSame(classifier.predict(texts), predictor.batchPredict(texts));
    }
  }

  @Test
  void whatDjlServingHandsOverIsAnsweredInJson() throws Exception {
    ModelFolder model = RandomNetwork.all().get(0).write(dir.resolve("model"));
    try (ZooModel<Input, Output> loaded =
            exported(export(model.path()), Input.class, Output.class).loadModel();
        Predictor<Input, Output> predictor = loaded.newPredictor()) {
      Input input = new Input();
      input.add("data", "word3 word4");
      Output output = predictor.predict(input);
      assertEquals(200, output.getCode(), output.getMessage());
      assertTrue(output.getData().getAsString().contains("label0"));
    }
  }

  @Test
  void whatIsNoSuchModelOrIsDamagedIsSaid() throws Exception {
    ModelFolder model = RandomNetwork.all().get(0).write(dir.resolve("model"));
    Path folder = export(model.path());
    assertThrows(
        ModelNotFoundException.class,
        () -> own(dir.resolve("nowhere"), String.class, Classifications.class).loadModel());
    assertThrows(
        ModelNotFoundException.class,
        () -> own(model.path(), Integer.class, Classifications.class).loadModel());
    UlmfitException ours =
        assertThrows(UlmfitException.class, () -> TextClassifier.load(folder, "cpu", null));
    assertTrue(ours.getMessage().contains("export for DJL"), ours.getMessage());
    Files.writeString(folder.resolve("vocab.txt"), "\"one\"\n");
    Exception damaged =
        assertThrows(
            Exception.class,
            () -> exported(folder, String.class, Classifications.class).loadModel());
    assertTrue(causes(damaged).contains("vocab.txt"), causes(damaged));
    Files.writeString(model.path().resolve("vocab.txt"), "\"one\"\n");
    Exception broken =
        assertThrows(
            Exception.class,
            () -> own(model.path(), String.class, Classifications.class).loadModel());
    assertTrue(
        Stream.iterate((Throwable) broken, e -> e != null, Throwable::getCause)
            .anyMatch(e -> e instanceof MalformedModelException || e instanceof IOException),
        causes(broken));
    assertFalse(causes(broken).isEmpty());
  }

  private static String causes(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      all.append(e.getMessage()).append('\n');
    }
    return all.toString();
  }

  @Test
  void aClosedModelAnswersNoMore() throws Exception {
    ModelFolder model = RandomNetwork.all().get(0).write(dir.resolve("model"));
    ZooModel<String, Classifications> loaded =
        own(model.path(), String.class, Classifications.class).loadModel();
    Predictor<String, Classifications> predictor = loaded.newPredictor();
    predictor.predict("word3");
    predictor.close();
    loaded.close();
    assertThrows(IllegalStateException.class, () -> predictor.predict("word3"));
  }
}
