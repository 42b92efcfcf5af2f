package org.ulmfit.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Safetensors.Entry;

class NgramTensorsTest {
  private static final SolverSettings SETTINGS = SolverSettings.seeded(1);
  private static final PlattScaling SCALING = new PlattScaling(1.1, 1 / 3.0);

  @TempDir Path dir;

  private final Random random = new Random(41);
  private final int[][] documents =
      IntStream.range(0, 60)
          .mapToObj(row -> random.ints(20, 0, 12).toArray())
          .toArray(int[][]::new);

  private NgramClassifier classifier(
      NgramLearner learner, Truth truth, int shortest, PlattScaling[] scalings) {
    Documents own = Made.documents(documents);
    Ngrams ngrams = Ngrams.count(own, shortest, 3, 2, id -> id == 4, new Stop());
    SparseMatrix counts = ngrams.counts(own, new Stop());
    NgramModel model = learner.on(counts, truth, Made.all(counts)).at(0.5, new Stop());
    return new NgramClassifier(truth.labelling(), ngrams, model, scalings);
  }

  private NgramClassifier reopened(List<Entry> entries, NgramTensors.Form form) {
    Path file = dir.resolve("model.safetensors");
    Safetensors.write(file, Map.of(), entries);
    try (Safetensors.Reader reader = Safetensors.Reader.open(file)) {
      return NgramTensors.classifier(reader, form);
    }
  }

  private void same(NgramClassifier saved, NgramTensors.Form form) {
    NgramClassifier opened = reopened(NgramTensors.entries(saved), form);
    for (int[] ids : documents) {
      assertArrayEquals(saved.logits(ids), opened.logits(ids));
    }
  }

  @Test
  void whatIsOpenedAnswersTheSameBits() {
    Truth two = Made.single(random, 60, 2);
    NgramLearner svm = NgramLearner.naiveBayesSvm(0.5, null, SETTINGS);
    NgramLearner regression = NgramLearner.regression(true, null, SETTINGS);
    PlattScaling[] one = {SCALING};
    same(classifier(svm, two, 2, one), new NgramTensors.Form(Labelling.SINGLE, 2, 2, false));
    Truth several = Made.several(random, 60, 3);
    PlattScaling[] three = {SCALING, SCALING, new PlattScaling(2, -1)};
    same(classifier(svm, several, 1, three), new NgramTensors.Form(Labelling.MULTI, 3, 1, false));
    Truth ofThree = Made.single(random, 60, 3);
    same(
        classifier(regression, ofThree, 3, null),
        new NgramTensors.Form(Labelling.SINGLE, 3, 3, true));
  }

  @Test
  void tensorsThatDoNotFitAreRefused() {
    Truth truth = Made.single(random, 60, 3);
    NgramLearner regression = NgramLearner.regression(true, null, SETTINGS);
    NgramClassifier saved = classifier(regression, truth, 1, null);
    NgramTensors.Form form = new NgramTensors.Form(Labelling.SINGLE, 3, 1, true);
    int columns = saved.ngrams().columns();
    refused("no tensor intercepts", without(saved, "intercepts"), form);
    refused("no tensor weights", without(saved, "weights"), form);
    refused("no tensor ngrams.2.last", without(saved, "ngrams.2.last"), form);
    refused("idf is damaged (F32 [", without(saved, "ngrams.3.prefix"), form);
    refused("lengths from 1 to 0", without(saved, "ngrams.1.prefix"), form);
    refused("weights is damaged", NgramTensors.entries(saved), other(4, 1));
    refused("idf is damaged", NgramTensors.entries(saved), other(3, 2));
    refused("lengths from 4 to 3", NgramTensors.entries(saved), other(3, 4));
    float[] idf = new float[columns];
    idf[1] = Float.NaN;
    refused("idf is damaged (value NaN)", with(saved, floats("idf", idf)), form);
    float[] weights = new float[3 * columns];
    weights[2 * columns] = Float.POSITIVE_INFINITY;
    Entry wide = Entry.floats("weights", new long[] {3, columns}, () -> weights);
    refused("weights is damaged (value Infinity)", with(saved, wide), form);
    Entry last = Entry.longs("ngrams.1.last", new long[] {1}, () -> new long[] {1L << 32});
    refused("number 4294967296", with(saved, last), form);
    refused("scaling is damaged", with(saved, floats("scaling", new float[6])), form);
    NgramClassifier endless =
        new NgramClassifier(
            Labelling.SINGLE,
            saved.ngrams(),
            saved.model(),
            new PlattScaling[] {SCALING, new PlattScaling(1, 0 / 0.0), SCALING});
    refused("scaling is damaged (no number", NgramTensors.entries(endless), form);
  }

  private static NgramTensors.Form other(int classes, int shortest) {
    return new NgramTensors.Form(Labelling.SINGLE, classes, shortest, true);
  }

  private static Entry floats(String name, float[] values) {
    return Entry.floats(name, new long[] {values.length}, () -> values);
  }

  private static List<Entry> without(NgramClassifier classifier, String name) {
    return NgramTensors.entries(classifier).stream().filter(e -> !e.name().equals(name)).toList();
  }

  private static List<Entry> with(NgramClassifier classifier, Entry entry) {
    List<Entry> entries = new ArrayList<>(without(classifier, entry.name()));
    entries.add(entry);
    return entries;
  }

  private void refused(String why, List<Entry> entries, NgramTensors.Form form) {
    UlmfitException e = assertThrows(UlmfitException.class, () -> reopened(entries, form));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
