package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Shard;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 1 for saved models: a raw corpus or a prepared folder becomes token stores that a model can
 * be measured on. Works in bounded memory.
 */
public final class EvaluationData {
  private final Corpus corpus;
  private final Recipe recipe;
  private final Path dir;
  private final Consumer<String> progress;
  private final Stop stop;

  /**
   * @param recipe as the model's, or the first model's
   * @param dir where the stores go
   * @param progress receives lines worth showing
   */
  public EvaluationData(
      Corpus corpus, Recipe recipe, Path dir, Consumer<String> progress, Stop stop) {
    this.corpus = corpus;
    this.recipe = recipe;
    this.dir = dir;
    this.progress = progress;
    this.stop = stop;
  }

  /**
   * Labelled rows in input order. The corpus is read once, and each text once for models of the
   * same text profile.
   *
   * @param readers how each model reads; one that comes again gets the same store
   * @param labels the models' labels; the stores' label indices follow them
   * @param labelling how many of them a row has, as the models were trained
   * @param trained the columns the models were trained on, looked for first; null: not known
   * @param limit documents at most, every class kept; 0 = all
   * @throws UlmfitException (bad data) if there are no labels or one the models do not know
   */
  public EvaluationSet labelled(
      EvaluationSet.Rows rows,
      List<EvaluationSet.Reader> readers,
      List<String> labels,
      Labelling labelling,
      @Nullable InputColumns trained,
      int limit) {
    Prepare.checkLimit(limit);
    Folders.create(dir);
    Map<EvaluationSet.Reader, Path> files = new LinkedHashMap<>();
    for (EvaluationSet.Reader reader : readers) {
      files.putIfAbsent(reader, dir.resolve("evaluation-" + files.size() + ".tokens"));
    }
    Map<EvaluationSet.Reader, TokenStore> stores = new HashMap<>();
    Split split = null;
    if (Prepare.isPrepared(corpus)) {
      files.forEach(
          (reader, file) ->
              stores.put(reader, prepared(rows, reader, labels, labelling, file, limit)));
    } else {
      split = raw(rows, files, labels, labelling, trained, limit);
      files.forEach((reader, file) -> stores.put(reader, TokenStore.open(file)));
    }
    return new EvaluationSet(
        split, readers.stream().map(r -> Objects.requireNonNull(stores.get(r))).toList());
  }

  /** The rows of prepared data, which one reader can read. */
  private TokenStore prepared(
      EvaluationSet.Rows rows,
      EvaluationSet.Reader reader,
      List<String> labels,
      Labelling labelling,
      Path file,
      int limit) {
    PreparedFolder folder = prepared(reader.text(), reader.vocab(), labels);
    folder.checkTask(corpus);
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
    return limit == 0
        ? whole
        : StoreSubset.sample(whole, file, limit, labelling, labels.size(), recipe);
  }

  /**
   * Texts for a language model: the corpus's test split if it has one, else its validation split,
   * else all of it, in input order.
   *
   * @param trained the columns the model was trained on, looked for first; null: not known
   * @param limit documents at most; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public TokenStore texts(Vocab vocab, @Nullable InputColumns trained, int limit) {
    Prepare.checkLimit(limit);
    Folders.create(dir);
    Path file = dir.resolve("texts.tokens");
    if (Prepare.isPrepared(corpus)) {
      PreparedFolder folder = prepared(recipe.text(), vocab, null);
      TokenStore whole = folder.open(PreparedFolder.LM_VALID, vocab);
      return limit == 0 ? whole : StoreSubset.first(whole, file, limit);
    }
    try (CorpusReading reading = read(new Expectation(Expectation.Labels.UNUSED, trained))) {
      Summaries.tellRejected(reading.reader().counts(), progress);
      int[] rows = splitter(reading).texts(limit);
      writeStores(reading.spill(), rows, recipe.text(), Map.of(vocab, file), null);
    }
    return TokenStore.open(file);
  }

  /** A folder that was prepared as the model needs it; null: its labels are not looked at. */
  private PreparedFolder prepared(Recipe.Text text, Vocab vocab, @Nullable List<String> labels) {
    PreparedFolder folder = PreparedFolder.of(corpus);
    Fingerprint.checkModel(folder, recipe.with(text, recipe.model()));
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
   * Makes a store of labelled rows for each reader.
   *
   * @param files of each reader's store
   * @return the rows' split
   */
  private Split raw(
      EvaluationSet.Rows wanted,
      Map<EvaluationSet.Reader, Path> files,
      List<String> labels,
      Labelling labelling,
      @Nullable InputColumns trained,
      int limit) {
    Expectation expectation = new Expectation(Expectation.Labels.REQUIRED, trained, labelling);
    try (CorpusReading reading = read(expectation)) {
      CorpusReader reader = reading.reader();
      Spill spill = reading.spill();
      Summaries.tellRejected(reader.counts().leavingOut(reading.leaveOutUnknown(labels)), progress);
      Summaries.ofLabels(reader, spill).forEach(progress);
      Splitter splitter = splitter(reading);
      Split split = splitter.split(wanted);
      int[] rows = splitter.evaluation(split, limit);
      if (rows.length == 0) {
        throw UlmfitException.badData(
            corpus + ": no labels to measure against: " + reader.whyUnlabelled());
      }
      progress.accept(
          Shown.format(
              "evaluating %,d rows of %s: its %s split",
              rows.length, corpus, split.name().toLowerCase(Locale.ROOT)));
      Labels.checkKnown(corpus.toString(), spill, labels);
      int[][] labelsOf = Labels.index(spill, labels);
      Map<Recipe.Text, Map<Vocab, Path>> stores = new LinkedHashMap<>();
      files.forEach(
          (its, file) ->
              stores
                  .computeIfAbsent(its.text(), text -> new LinkedHashMap<>())
                  .put(its.vocab(), file));
      stores.forEach((text, own) -> writeStores(spill, rows, text, own, labelsOf));
      return split;
    }
  }

  private CorpusReading read(Expectation expectation) {
    return CorpusReading.of(
        corpus, expectation, Shard.WHOLE, recipe, dir, rejection -> {}, progress, stop);
  }

  /** Of the corpus's own labels. */
  private Splitter splitter(CorpusReading reading) {
    CorpusReader reader = reading.reader();
    List<String> labels = Labels.names(reading.spill(), reader.declaredLabels(), List.of());
    return new Splitter(corpus.toString(), reader, reading.spill(), recipe, labels);
  }

  /** A store for each vocabulary of texts that are tokenized once. */
  private void writeStores(
      Spill spill,
      int[] rows,
      Recipe.Text text,
      Map<Vocab, Path> files,
      int @Nullable [][] labelsOf) {
    Recipe its = recipe.with(text, recipe.model());
    Path temporary = dir.resolve("provisional.tmp");
    try (Tokenization tokens = new Tokenization(spill, its, null, temporary, progress, stop)) {
      tokens.run(rows);
      files.forEach(
          (vocab, file) -> {
            UnknownWords unknown = new UnknownWords(UnknownWords.Origin.MODEL, its, false);
            Numericalization ids = Numericalization.with(tokens, vocab, its);
            unknown.add(corpus.name(), ids.write(file, rows, labelsOf));
            progress.accept(CorpusSummary.unknownWords(unknown.shares()));
            unknown.warnings().forEach(progress);
          });
    }
  }
}
