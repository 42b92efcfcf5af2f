package org.ulmfit.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.prepare.Preparation.Part;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 1: raw corpus to token stores. Each method takes a raw corpus or a prepared folder (one
 * with {@code prepared.json}), tokenizes every text once and works in bounded memory. What is
 * written:
 *
 * <pre>
 * vocab.txt  lm/{train,valid}.tokens  classifier/{train,valid,test}.tokens  prepared.json
 * </pre>
 */
public final class Prepare {
  private static final int MOST_FREQUENT = 25;

  private Prepare() {}

  /** Whether the folder holds prepared data. */
  public static boolean isPrepared(Path dir) {
    return PreparedFolder.isOne(dir);
  }

  /**
   * Stage 1 for the language model.
   *
   * @param pretrained vocabulary of the model that is fine-tuned, whose words join those of the
   *     training tokens if {@code vocab.keepPretrained}; null: none. A prepared folder keeps its
   *     own vocabulary; compare {@link PreparedLm#vocab()}
   * @param outDir where the stores go; reused if it holds the same preparation already
   * @param limit training documents at most (validation in proportion); 0 = all
   * @param progress receives lines worth showing
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public static PreparedLm languageModel(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab pretrained,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    boolean keep = recipe.vocab().keepPretrained() && pretrained != null;
    if (keep && PreparedFolder.isOne(corpus)) {
      progress.accept(
          corpus + ": prepared with its own vocabulary; vocab.keepPretrained has no effect here");
    }
    List<String> kept = keep ? pretrained.itos() : List.of();
    Path dir = ready(corpus, options, recipe, null, kept, outDir, limit, Set.of(Part.LM), progress);
    PreparedFolder folder = PreparedFolder.read(dir);
    Path train = folder.file(dir, PreparedFolder.LM_TRAIN);
    Path valid = folder.file(dir, PreparedFolder.LM_VALID);
    if (limit > 0 && dir.equals(corpus)) {
      int cut = Math.min(limit, size(train));
      double share = (double) size(valid) / Math.max(1, size(train));
      train = firstOf(train, outDir.resolve("lm/train.tokens"), cut);
      int cutValid = Math.max(1, (int) Math.ceil(share * cut));
      valid = firstOf(valid, outDir.resolve("lm/valid.tokens"), cutValid);
    }
    Vocab vocab = folder.vocab(dir);
    return new PreparedLm(
        vocab, folder.open(train, vocab), folder.open(valid, vocab), folder.summary());
  }

  /**
   * Stage 1 for the classifier.
   *
   * @param vocab the encoder's; null: build one. A prepared folder keeps its own; compare {@link
   *     PreparedClassifier#vocab()}
   * @param limit documents per split at most, every class kept; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public static PreparedClassifier classifier(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    var parts = Set.of(Part.CLASSIFIER);
    Path dir = ready(corpus, options, recipe, vocab, List.of(), outDir, limit, parts, progress);
    PreparedFolder folder = PreparedFolder.read(dir);
    boolean cut = limit > 0 && dir.equals(corpus);
    Path train = folder.file(dir, PreparedFolder.TRAIN);
    Path valid = folder.file(dir, PreparedFolder.VALID);
    Path test = folder.has(PreparedFolder.TEST) ? folder.file(dir, PreparedFolder.TEST) : null;
    if (cut) {
      train = sampleOf(train, outDir.resolve("classifier/train.tokens"), limit);
      Path cutTest =
          test == null ? null : sampleOf(test, outDir.resolve("classifier/test.tokens"), limit);
      valid =
          valid.equals(test)
              ? cutTest
              : sampleOf(valid, outDir.resolve("classifier/valid.tokens"), limit);
      test = cutTest;
    }
    Vocab own = folder.vocab(dir);
    return new PreparedClassifier(
        own,
        folder.labels(),
        folder.open(train, own),
        folder.open(valid, own),
        test == null ? null : folder.open(test, own),
        folder.summary());
  }

  /**
   * A labelled set for an existing model: the corpus's test split if it has one, else its
   * validation split, else all of it, in input order.
   *
   * @param labels the model's labels; the store's label indices follow them
   * @throws UlmfitException (bad data) if there are no labels or one the model does not know
   */
  public static TokenStore evaluation(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      List<String> labels,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    Path file = outDir.resolve("evaluation.tokens");
    createDirectory(outDir);
    if (PreparedFolder.isOne(corpus)) {
      PreparedFolder folder = prepared(corpus, recipe, vocab, labels, progress);
      boolean test = folder.has(PreparedFolder.TEST);
      Path whole = folder.file(corpus, test ? PreparedFolder.TEST : PreparedFolder.VALID);
      return folder.open(limit == 0 ? whole : sampleOf(whole, file, limit), vocab);
    }
    new Preparation(corpus, options, recipe, outDir, progress)
        .evaluation(vocab, labels, limit, file);
    return TokenStore.open(file);
  }

  /**
   * Texts for an existing language model: the corpus's test split if it has one, else its
   * validation split, else all of it, in input order.
   *
   * @param limit documents at most; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public static TokenStore texts(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    Path file = outDir.resolve("texts.tokens");
    createDirectory(outDir);
    if (PreparedFolder.isOne(corpus)) {
      PreparedFolder folder = prepared(corpus, recipe, vocab, null, progress);
      Path whole = folder.file(corpus, PreparedFolder.LM_VALID);
      return folder.open(limit == 0 ? whole : firstOf(whole, file, limit), vocab);
    }
    new Preparation(corpus, options, recipe, outDir, progress).texts(vocab, limit, file);
    return TokenStore.open(file);
  }

  /** A folder that was prepared as the model needs it; null: its labels are not looked at. */
  private static PreparedFolder prepared(
      Path dir, Recipe recipe, Vocab vocab, List<String> labels, Consumer<String> progress) {
    PreparedFolder folder = PreparedFolder.read(dir);
    Settings.checkRecipe(dir, folder, recipe, progress);
    if (!folder.vocab(dir).equals(vocab) || labels != null && !folder.labels().equals(labels)) {
      throw UlmfitException.badData(
          dir
              + ": prepared with another vocabulary"
              + (labels == null ? "" : " or other labels")
              + " than the model's; give the raw corpus");
    }
    return folder;
  }

  /**
   * {@code ulmfit prepare CORPUS --out DIR}: both, and the standardised corpus as CSV, reading the
   * corpus once. The lesson's files are {@code imdb_lm/} and {@code imdb_clas/} (train.csv,
   * test.csv, classes.txt), of any other recipe {@code csv/lm/} and {@code csv/classifier/}.
   *
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public static PrepareReport all(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    var parts = EnumSet.allOf(Part.class);
    ready(corpus, options, recipe, null, List.of(), outDir, limit, parts, progress);
    PreparedFolder folder = PreparedFolder.read(outDir);
    Vocab vocab = folder.vocab(outDir);
    Path trained = folder.file(outDir, PreparedFolder.LM_TRAIN);
    try (TokenStore train = folder.open(trained, vocab)) {
      return new PrepareReport(
          outDir,
          folder.summary(),
          vocab.size(),
          train.tokens(),
          mostFrequent(vocab, train.counts(vocab.size())));
    }
  }

  /**
   * The folder that holds the parts: the corpus itself if it is one, else outDir, made if stale.
   */
  private static Path ready(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      List<String> kept,
      Path outDir,
      int limit,
      Set<Part> parts,
      Consumer<String> progress) {
    createDirectory(outDir);
    if (PreparedFolder.isOne(corpus)) {
      if (parts.contains(Part.CSV)) {
        throw UlmfitException.usage(corpus + ": prepared already; give the raw corpus");
      }
      Settings.checkRecipe(corpus, PreparedFolder.read(corpus), recipe, progress);
      return corpus;
    }
    var settings = Settings.of(corpus, options, recipe, vocab, kept, limit);
    settings.put("parts", parts.stream().sorted().toList().toString());
    if (PreparedFolder.isOne(outDir)) {
      if (PreparedFolder.read(outDir).settings().equals(settings)) {
        progress.accept("using the prepared data in " + outDir);
        return outDir;
      }
      progress.accept(outDir + ": prepared otherwise than asked now; preparing again");
    }
    new Preparation(corpus, options, recipe, outDir, progress)
        .run(vocab, kept, limit, parts, settings);
    return outDir;
  }

  private static int size(Path store) {
    try (TokenStore open = TokenStore.open(store)) {
      return open.size();
    }
  }

  private static Path firstOf(Path store, Path target, int n) {
    return copy(store, target, IntStream.range(0, Math.min(n, size(store))).toArray());
  }

  private static Path sampleOf(Path store, Path target, int limit) {
    try (TokenStore open = TokenStore.open(store)) {
      int[] labels = IntStream.range(0, open.size()).map(open::label).toArray();
      return copy(store, target, Sample.of(labels, limit, null));
    }
  }

  private static Path copy(Path store, Path target, int[] docs) {
    createDirectory(target.getParent());
    try (TokenStore open = TokenStore.open(store);
        TokenStore.Writer writer = new TokenStore.Writer(target)) {
      Arrays.stream(docs).forEach(i -> writer.append(open.id(i), open.label(i), open.ids(i)));
      writer.finish();
    }
    return target;
  }

  private static List<String> mostFrequent(Vocab vocab, long[] counts) {
    List<String> lines = new ArrayList<>();
    IntStream.range(0, counts.length)
        .filter(id -> id != vocab.unknownId() && counts[id] > 0)
        .boxed()
        .sorted((a, b) -> Long.compare(counts[b], counts[a]))
        .limit(MOST_FREQUENT)
        .forEach(
            id ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "\"%s\" %,d",
                        vocab.itos(id).replace("\n", "\\n"),
                        counts[id])));
    return lines;
  }

  static void createDirectory(Path dir) {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw UlmfitException.failure(dir + ": cannot be made: " + UlmfitException.reason(e), e);
    }
  }

  /** Deletes now, or at exit where a mapped file cannot be deleted (Windows). */
  static void deleteTemporary(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
