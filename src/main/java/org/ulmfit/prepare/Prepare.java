package org.ulmfit.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Split;
import org.ulmfit.prepare.Preparation.Part;
import org.ulmfit.vocab.Scripts;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 1: raw corpus to token stores. Each method takes a raw corpus or a prepared folder (one
 * with {@code prepared.json}), tokenizes every text once and works in bounded memory. What is
 * written:
 *
 * <pre>
 * vocab.txt  lm/{train,valid}.tokens  classifier/{train,valid,test}.tokens  prepared.json
 * tokenizer.json (where one makes the tokens)
 * </pre>
 */
public final class Prepare {
  private static final int MOST_FREQUENT = 25;

  private final Recipe recipe;
  private final Consumer<String> progress;
  private final Stop stop;

  /**
   * @param progress receives lines worth showing
   */
  public Prepare(Recipe recipe, Consumer<String> progress, Stop stop) {
    this.recipe = recipe;
    this.progress = progress;
    this.stop = stop;
  }

  /** Whether the corpus is a folder that holds prepared data. */
  public static boolean isPrepared(Corpus corpus) {
    return corpus.path() != null && PreparedFolder.isOne(corpus.path());
  }

  /**
   * Stage 1 for the language model.
   *
   * @param pretrained vocabulary of the model that is fine-tuned, whose words join those of the
   *     training tokens as {@code vocab.keepPretrained} says; null: none. A prepared folder keeps
   *     its own vocabulary; compare {@link PreparedLm#vocab()}
   * @param outDir where the stores go; reused if it holds the same preparation already
   * @param limit training documents at most (validation in proportion); 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public PreparedLm languageModel(
      Corpus corpus, @Nullable Vocab pretrained, Path outDir, int limit) {
    Recipe.KeepPretrained keep = recipe.vocab().keepPretrained();
    boolean none = keep == Recipe.KeepPretrained.FALSE || pretrained == null;
    if (keep == Recipe.KeepPretrained.TRUE && !none && isPrepared(corpus)) {
      progress.accept(
          corpus + ": prepared with its own vocabulary; vocab.keepPretrained has no effect here");
    }
    List<String> kept = none || pretrained == null ? List.of() : pretrained.itos();
    return made(
        corpus,
        new Preparation.Vocabulary(null, kept, pretrained, null),
        outDir,
        limit,
        Set.of(Part.LM),
        folder -> {
          if (pretrained != null && isPrepared(corpus)) {
            checkScript(corpus, folder, pretrained);
          }
          return languageModel(folder, !isPrepared(corpus), outDir, limit);
        });
  }

  /** As for texts that are read, of those that were. */
  private void checkScript(Corpus corpus, PreparedFolder folder, Vocab pretrained) {
    Scripts letters = new Scripts();
    Vocab words = folder.vocab();
    try (TokenStore train = folder.open(PreparedFolder.LM_TRAIN, words)) {
      long[] counts = train.counts(words.size());
      for (int id = 0; id < counts.length; id++) {
        String word = words.itos(id);
        if (counts[id] > 0 && !recipe.text().rules().specials().contains(word)) {
          letters.add(word, counts[id]);
        }
      }
    }
    CorpusScript.check(corpus.toString(), letters, pretrained, recipe.text());
  }

  private static PreparedLm languageModel(
      PreparedFolder folder, boolean made, Path outDir, int limit) {
    Vocab vocab = folder.vocab();
    TokenStore train = folder.open(PreparedFolder.LM_TRAIN, vocab);
    TokenStore valid = folder.open(PreparedFolder.LM_VALID, vocab);
    if (limit > 0 && !made) {
      int cut = Math.min(limit, train.size());
      double share = (double) valid.size() / Math.max(1, train.size());
      train = firstOf(train, outDir.resolve("lm/train.tokens"), cut);
      int cutValid = Math.max(1, (int) Math.ceil(share * cut));
      valid = firstOf(valid, outDir.resolve("lm/valid.tokens"), cutValid);
    }
    boolean keeps = made && Fingerprint.keepsPretrained(folder.settings());
    return new PreparedLm(vocab, train, valid, folder.summary(), folder.tokenizer(), keeps);
  }

  /**
   * Stage 1 for the classifier.
   *
   * @param vocab the encoder's; null: build one. A prepared folder keeps its own; compare {@link
   *     PreparedClassifier#vocab()}
   * @param limit documents per split at most, every class kept; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public PreparedClassifier classifier(
      Corpus corpus, @Nullable Vocab vocab, Path outDir, int limit) {
    return classifier(
        corpus, new Preparation.Vocabulary(vocab, List.of(), null, null), outDir, limit);
  }

  /**
   * Stage 1 for a classifier that goes on.
   *
   * @param limit documents per split at most, every class kept; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte;
   *     (usage) if it is prepared already
   */
  public PreparedClassifier goingOn(Corpus corpus, Predecessor goesOn, Path outDir, int limit) {
    if (isPrepared(corpus)) {
      throw UlmfitException.usage(
          corpus + ": prepared without the labels of the model that goes on; give the raw corpus");
    }
    return classifier(
        corpus, new Preparation.Vocabulary(goesOn.vocab(), List.of(), null, goesOn), outDir, limit);
  }

  private PreparedClassifier classifier(
      Corpus corpus, Preparation.Vocabulary vocabulary, Path outDir, int limit) {
    return made(
        corpus,
        vocabulary,
        outDir,
        limit,
        Set.of(Part.CLASSIFIER),
        folder -> {
          if (isPrepared(corpus)) {
            checkTask(corpus, folder);
          }
          return classifier(folder, isPrepared(corpus) ? limit : 0, outDir);
        });
  }

  private static void checkTask(Corpus corpus, PreparedFolder folder) {
    Labelling asked = corpus.options().labelling();
    if (asked != null && asked != folder.labelling()) {
      throw UlmfitException.usage(
          corpus
              + ": prepared with "
              + (folder.labelling() == Labelling.MULTI ? "several labels" : "one label")
              + " a row; leave --task out, or give the raw corpus");
    }
  }

  private PreparedClassifier classifier(PreparedFolder folder, int limit, Path outDir) {
    Labelling labelling = folder.labelling();
    int names = folder.labels().size();
    Vocab vocab = folder.vocab();
    TokenStore train = folder.open(PreparedFolder.TRAIN, vocab);
    TokenStore valid = folder.open(PreparedFolder.VALID, vocab);
    TokenStore test =
        folder.has(PreparedFolder.TEST) ? folder.open(PreparedFolder.TEST, vocab) : null;
    if (limit > 0) {
      train = sampleOf(train, outDir.resolve("classifier/train.tokens"), limit, labelling, names);
      TokenStore cutTest =
          test == null
              ? null
              : sampleOf(test, outDir.resolve("classifier/test.tokens"), limit, labelling, names);
      valid =
          cutTest != null && folder.same(PreparedFolder.TEST, PreparedFolder.VALID)
              ? cutTest
              : sampleOf(valid, outDir.resolve("classifier/valid.tokens"), limit, labelling, names);
      test = cutTest;
    }
    return new PreparedClassifier(
        vocab,
        labelling,
        folder.labels(),
        train,
        valid,
        test,
        folder.summary(),
        folder.tokenizer());
  }

  /**
   * Labelled rows for saved models, in input order. The corpus is read once, and each text once for
   * models of the same text profile.
   *
   * @param readers how each model reads; one that comes again gets the same store
   * @param labels the models' labels; the stores' label indices follow them
   * @param labelling how many of them a row has, as the models were trained
   * @param trained the columns the models were trained on, looked for first; null: not known
   * @throws UlmfitException (bad data) if there are no labels or one the models do not know
   */
  public EvaluationSet evaluation(
      Corpus corpus,
      EvaluationSet.Rows rows,
      List<EvaluationSet.Reader> readers,
      List<String> labels,
      Labelling labelling,
      @Nullable InputColumns trained,
      Path outDir,
      int limit) {
    check(limit);
    createDirectory(outDir);
    Map<EvaluationSet.Reader, Path> files = new LinkedHashMap<>();
    for (EvaluationSet.Reader reader : readers) {
      files.putIfAbsent(reader, outDir.resolve("evaluation-" + files.size() + ".tokens"));
    }
    Map<EvaluationSet.Reader, TokenStore> stores = new HashMap<>();
    Split split = null;
    if (isPrepared(corpus)) {
      files.forEach(
          (reader, file) ->
              stores.put(reader, rowsOf(corpus, rows, reader, labels, labelling, file, limit)));
    } else {
      split =
          preparation(corpus, outDir).evaluation(rows, files, labels, labelling, trained, limit);
      files.forEach((reader, file) -> stores.put(reader, TokenStore.open(file)));
    }
    return new EvaluationSet(
        split, readers.stream().map(r -> Objects.requireNonNull(stores.get(r))).toList());
  }

  /** The rows of prepared data, which one reader can read. */
  private TokenStore rowsOf(
      Corpus corpus,
      EvaluationSet.Rows rows,
      EvaluationSet.Reader reader,
      List<String> labels,
      Labelling labelling,
      Path file,
      int limit) {
    Prepare its = new Prepare(recipe.with(reader.text(), recipe.model()), progress, stop);
    PreparedFolder folder = its.prepared(corpus, reader.vocab(), labels);
    checkTask(corpus, folder);
    if (folder.labelling() != labelling) {
      throw UlmfitException.badData(
          corpus
              + ": prepared with "
              + (folder.labelling() == Labelling.MULTI ? "several labels" : "one label")
              + " a row, other than the model was trained on; give the raw corpus");
    }
    boolean test = rows == EvaluationSet.Rows.TEST && folder.has(PreparedFolder.TEST);
    String role = test ? PreparedFolder.TEST : PreparedFolder.VALID;
    TokenStore whole = folder.open(role, reader.vocab());
    return limit == 0 ? whole : sampleOf(whole, file, limit, labelling, labels.size());
  }

  /**
   * Texts for an existing language model: the corpus's test split if it has one, else its
   * validation split, else all of it, in input order.
   *
   * @param trained the columns the model was trained on, looked for first; null: not known
   * @param limit documents at most; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public TokenStore texts(
      Corpus corpus, Vocab vocab, @Nullable InputColumns trained, Path outDir, int limit) {
    check(limit);
    Path file = outDir.resolve("texts.tokens");
    createDirectory(outDir);
    if (isPrepared(corpus)) {
      PreparedFolder folder = prepared(corpus, vocab, null);
      TokenStore whole = folder.open(PreparedFolder.LM_VALID, vocab);
      return limit == 0 ? whole : firstOf(whole, file, limit);
    }
    preparation(corpus, outDir).texts(vocab, trained, limit, file);
    return TokenStore.open(file);
  }

  private static void check(int limit) {
    if (limit < 0) {
      throw UlmfitException.usage("limit " + limit + ": give a number of documents, or 0 for all");
    }
  }

  /** A folder that was prepared as the model needs it; null: its labels are not looked at. */
  private PreparedFolder prepared(Corpus corpus, Vocab vocab, @Nullable List<String> labels) {
    PreparedFolder folder = read(corpus);
    Fingerprint.checkModel(folder, recipe);
    progress.accept(folder.summary().unknownWords());
    if (!folder.vocab().equals(vocab) || labels != null && !folder.labels().equals(labels)) {
      throw UlmfitException.badData(
          corpus
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
  public PrepareReport all(Corpus corpus, Path outDir, int limit) {
    if (isPrepared(corpus)) {
      throw UlmfitException.usage(corpus + ": prepared already; give the raw corpus");
    }
    var parts = EnumSet.allOf(Part.class);
    return made(corpus, Preparation.Vocabulary.BUILT, outDir, limit, parts, Prepare::report);
  }

  private static PrepareReport report(PreparedFolder folder) {
    Vocab vocab = folder.vocab();
    folder.stores().keySet().forEach(role -> folder.open(role, vocab).close());
    folder.tokenizer(); // looked at as the stores are
    try (TokenStore train = folder.open(PreparedFolder.LM_TRAIN, vocab)) {
      return new PrepareReport(
          folder.dir(),
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
  public void look(Corpus corpus, Path scratch, int limit) {
    var parts = EnumSet.of(Part.LM, Part.CLASSIFIER);
    made(corpus, Preparation.Vocabulary.BUILT, scratch, limit, parts, folder -> folder);
  }

  /**
   * What is made of the folder that holds the parts: the corpus itself if it is one, else outDir,
   * prepared if it is not there as it is asked for.
   */
  private <T> T made(
      Corpus corpus,
      Preparation.Vocabulary vocabulary,
      Path outDir,
      int limit,
      Set<Part> parts,
      Function<PreparedFolder, T> opener) {
    check(limit);
    progress.accept(recipe.text().describe());
    createDirectory(outDir);
    if (isPrepared(corpus)) {
      PreparedFolder folder = read(corpus);
      Fingerprint.checkRecipe(folder, recipe, progress);
      folder.summary().remarks().forEach(progress);
      return opener.apply(folder);
    }
    var settings = Fingerprint.of(corpus, recipe, vocabulary.given(), vocabulary.kept(), limit);
    if (vocabulary.goesOn() != null) {
      settings.put("goesOn", Fingerprint.ofNames(vocabulary.labels()));
    }
    settings.put("parts", parts.stream().sorted().toList().toString());
    if (PreparedFolder.isOne(outDir)) {
      try {
        PreparedFolder folder = PreparedFolder.read(outDir);
        if (Fingerprint.isMetBy(folder.settings(), settings)) {
          T there = opener.apply(folder);
          progress.accept("using the prepared data in " + outDir);
          folder.summary().remarks().forEach(progress);
          return there;
        }
        progress.accept(outDir + ": prepared otherwise than asked now; preparing again");
      } catch (UlmfitException e) {
        progress.accept("WARNING: " + e.getMessage() + ": this is done now");
      }
    }
    preparation(corpus, outDir).run(vocabulary, limit, parts, settings);
    return opener.apply(PreparedFolder.read(outDir));
  }

  /** Of a corpus that {@link #isPrepared}. */
  private static PreparedFolder read(Corpus corpus) {
    return PreparedFolder.read(Objects.requireNonNull(corpus.path()));
  }

  private Preparation preparation(Corpus corpus, Path dir) {
    return new Preparation(corpus, recipe, dir, progress, stop);
  }

  private static TokenStore firstOf(TokenStore store, Path target, int n) {
    return copy(store, target, IntStream.range(0, Math.min(n, store.size())).toArray());
  }

  private TokenStore sampleOf(
      TokenStore store, Path target, int limit, Labelling labelling, int names) {
    int[][] labels = IntStream.range(0, store.size()).mapToObj(store::labels).toArray(int[][]::new);
    return copy(
        store,
        target,
        labelling == Labelling.MULTI
            ? Splitter.sample(labels, names, limit, recipe)
            : LabelledSubset.of(labels, limit, null));
  }

  private static TokenStore copy(TokenStore store, Path target, int[] docs) {
    createFolderOf(target);
    try (TokenStore.Writer writer = new TokenStore.Writer(target)) {
      for (int doc : docs) {
        writer.append(store.id(doc), store.ids(doc), store.labels(doc));
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

  /** Of a file in a folder of ours. */
  static void createFolderOf(Path file) {
    createDirectory(Objects.requireNonNull(file.getParent()));
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
