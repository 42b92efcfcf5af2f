package org.ulmfit.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.InputColumns;
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
   *     training tokens as {@code vocab.keepPretrained} says; null: none. A prepared folder keeps
   *     its own vocabulary; compare {@link PreparedLm#vocab()}
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
    Recipe.KeepPretrained keep = recipe.vocab().keepPretrained();
    boolean none = keep == Recipe.KeepPretrained.FALSE || pretrained == null;
    if (keep == Recipe.KeepPretrained.TRUE && !none && PreparedFolder.isOne(corpus)) {
      progress.accept(
          corpus + ": prepared with its own vocabulary; vocab.keepPretrained has no effect here");
    }
    List<String> kept = none ? List.of() : pretrained.itos();
    Path dir = ready(corpus, options, recipe, null, kept, outDir, limit, Set.of(Part.LM), progress);
    PreparedFolder folder = PreparedFolder.read(dir);
    Vocab vocab = folder.vocab(dir);
    TokenStore train = folder.open(dir, PreparedFolder.LM_TRAIN, vocab);
    TokenStore valid = folder.open(dir, PreparedFolder.LM_VALID, vocab);
    if (limit > 0 && dir.equals(corpus)) {
      int cut = Math.min(limit, train.size());
      double share = (double) valid.size() / Math.max(1, train.size());
      train = firstOf(train, outDir.resolve("lm/train.tokens"), cut);
      int cutValid = Math.max(1, (int) Math.ceil(share * cut));
      valid = firstOf(valid, outDir.resolve("lm/valid.tokens"), cutValid);
    }
    boolean keeps = !dir.equals(corpus) && Fingerprint.keepsPretrained(folder.settings());
    return new PreparedLm(vocab, train, valid, folder.summary(), keeps);
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
    Vocab own = folder.vocab(dir);
    TokenStore train = folder.open(dir, PreparedFolder.TRAIN, own);
    TokenStore valid = folder.open(dir, PreparedFolder.VALID, own);
    TokenStore test =
        folder.has(PreparedFolder.TEST) ? folder.open(dir, PreparedFolder.TEST, own) : null;
    if (limit > 0 && dir.equals(corpus)) {
      train = sampleOf(train, outDir.resolve("classifier/train.tokens"), limit);
      TokenStore cutTest =
          test == null ? null : sampleOf(test, outDir.resolve("classifier/test.tokens"), limit);
      valid =
          folder.same(PreparedFolder.TEST, PreparedFolder.VALID)
              ? cutTest
              : sampleOf(valid, outDir.resolve("classifier/valid.tokens"), limit);
      test = cutTest;
    }
    return new PreparedClassifier(own, folder.labels(), train, valid, test, folder.summary());
  }

  /**
   * A labelled set for an existing model: the corpus's test split if it has one, else its
   * validation split, else all of it, in input order.
   *
   * @param labels the model's labels; the store's label indices follow them
   * @param trained the columns the model was trained on, looked for first; null: not known
   * @throws UlmfitException (bad data) if there are no labels or one the model does not know
   */
  public static TokenStore evaluation(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      List<String> labels,
      InputColumns trained,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    Path file = outDir.resolve("evaluation.tokens");
    createDirectory(outDir);
    if (PreparedFolder.isOne(corpus)) {
      PreparedFolder folder = prepared(corpus, recipe, vocab, labels, progress);
      boolean test = folder.has(PreparedFolder.TEST);
      TokenStore whole =
          folder.open(corpus, test ? PreparedFolder.TEST : PreparedFolder.VALID, vocab);
      return limit == 0 ? whole : sampleOf(whole, file, limit);
    }
    new Preparation(corpus, options, recipe, outDir, progress)
        .evaluation(vocab, labels, trained, limit, file);
    return TokenStore.open(file);
  }

  /**
   * Texts for an existing language model: the corpus's test split if it has one, else its
   * validation split, else all of it, in input order.
   *
   * @param trained the columns the model was trained on, looked for first; null: not known
   * @param limit documents at most; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public static TokenStore texts(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      InputColumns trained,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    Path file = outDir.resolve("texts.tokens");
    createDirectory(outDir);
    if (PreparedFolder.isOne(corpus)) {
      PreparedFolder folder = prepared(corpus, recipe, vocab, null, progress);
      TokenStore whole = folder.open(corpus, PreparedFolder.LM_VALID, vocab);
      return limit == 0 ? whole : firstOf(whole, file, limit);
    }
    new Preparation(corpus, options, recipe, outDir, progress).texts(vocab, trained, limit, file);
    return TokenStore.open(file);
  }

  /** A folder that was prepared as the model needs it; null: its labels are not looked at. */
  private static PreparedFolder prepared(
      Path dir, Recipe recipe, Vocab vocab, List<String> labels, Consumer<String> progress) {
    PreparedFolder folder = PreparedFolder.read(dir);
    Fingerprint.checkRecipe(dir, folder, recipe, progress);
    progress.accept(folder.summary().unknownWords());
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
    try (TokenStore train = folder.open(outDir, PreparedFolder.LM_TRAIN, vocab)) {
      return new PrepareReport(
          outDir,
          folder.summary(),
          vocab.size(),
          train.tokens(),
          mostFrequent(vocab, train.counts(vocab.size())));
    }
  }

  /**
   * {@code ulmfit prepare CORPUS --dry-run}: tells what {@link #all} would tell of the splits,
   * their labels and unknown words.
   *
   * @param scratch a folder that is thrown away
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public static void look(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Path scratch,
      int limit,
      Consumer<String> progress) {
    var parts = EnumSet.of(Part.LM, Part.CLASSIFIER);
    ready(corpus, options, recipe, null, List.of(), scratch, limit, parts, progress);
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
      PreparedFolder folder = PreparedFolder.read(corpus);
      Fingerprint.checkRecipe(corpus, folder, recipe, progress);
      folder.summary().remarks().forEach(progress);
      return corpus;
    }
    var settings = Fingerprint.of(corpus, options, recipe, vocab, kept, limit);
    settings.put("parts", parts.stream().sorted().toList().toString());
    if (PreparedFolder.isOne(outDir) && isWhatIsAsked(outDir, settings, progress)) {
      progress.accept("using the prepared data in " + outDir);
      PreparedFolder.read(outDir).summary().remarks().forEach(progress);
      return outDir;
    }
    new Preparation(corpus, options, recipe, outDir, progress)
        .run(vocab, kept, limit, parts, settings);
    return outDir;
  }

  private static boolean isWhatIsAsked(
      Path dir, Map<String, String> settings, Consumer<String> progress) {
    try {
      PreparedFolder folder = PreparedFolder.read(dir);
      if (Fingerprint.isMetBy(folder.settings(), settings)) {
        folder.check(dir);
        return true;
      }
      progress.accept(dir + ": prepared otherwise than asked now; preparing again");
    } catch (UlmfitException e) {
      progress.accept("WARNING: " + e.getMessage() + ": this is done now");
    }
    return false;
  }

  private static TokenStore firstOf(TokenStore store, Path target, int n) {
    return copy(store, target, IntStream.range(0, Math.min(n, store.size())).toArray());
  }

  private static TokenStore sampleOf(TokenStore store, Path target, int limit) {
    int[] labels = IntStream.range(0, store.size()).map(store::label).toArray();
    return copy(store, target, LabelledSubset.of(labels, limit, null));
  }

  private static TokenStore copy(TokenStore store, Path target, int[] docs) {
    createDirectory(target.getParent());
    try (TokenStore.Writer writer = new TokenStore.Writer(target)) {
      for (int doc : docs) {
        writer.append(store.id(doc), store.label(doc), store.ids(doc));
      }
      writer.finish();
    }
    return TokenStore.open(target);
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
                        Locale.ROOT, "\"%s\" %,d", Shown.escaped(vocab.itos(id)), counts[id])));
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
