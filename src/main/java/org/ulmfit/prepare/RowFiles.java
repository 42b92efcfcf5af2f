package org.ulmfit.prepare;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.Shard;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * A corpus that was read and split once, its rows in files of JSON lines, so that different models
 * are made of and measured on the same ones:
 *
 * <pre>
 * train.jsonl  train-100.jsonl  valid.jsonl  test.jsonl
 * train-fold1.jsonl  held-fold1.jsonl  train-100-fold1.jsonl  held-100-fold1.jsonl  ...
 * </pre>
 *
 * @param dir the folder of the files
 * @param labelling how many labels a row has
 * @param labels names of the labels, in index order
 * @param texts keys of the texts
 * @param label key of the label, or of the list of them
 * @param training rows of each file of training rows, by the number that was asked for; 0 = all
 * @param folds that each of these is cut into, in turn held out of the others; 0 = none. A row
 *     whose label no other fold has is always among the others
 * @param valid rows held out to choose by
 * @param test rows held out to measure on; 0 = there are none
 */
public record RowFiles(
    Path dir,
    Labelling labelling,
    List<String> labels,
    List<String> texts,
    String label,
    Map<Integer, Integer> training,
    int folds,
    int valid,
    int test) {
  private static final String ID = "id";

  /** Names that are kept as keys; others could be taken for a path into an object. */
  private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{N}_ -]+");

  public RowFiles {
    labels = List.copyOf(labels);
    texts = List.copyOf(texts);
  }

  /** What of the rows a file holds. */
  public enum Part {
    TRAIN,
    /** Training rows held out of a fold's training. */
    HELD,
    VALID,
    TEST
  }

  /**
   * Reads and splits a corpus, and writes its labelled rows.
   *
   * @param recipe with the seed and the shares to hold out; a corpus without validation rows of
   *     which none are to be held out has none
   * @param limit rows per split at most, every class kept; 0 = all
   * @param counts how many training rows, for each a file; 0 = all. Every label stays, so there are
   *     more rows where there are more labels
   * @param folds to cut them into; 0 = none
   * @param dir where the files go
   * @throws UlmfitException (bad data) if the corpus cannot be used; (usage) if there are fewer
   *     training rows than asked for or than folds, or the recipe has a split of its own
   */
  public static RowFiles write(
      Corpus corpus,
      Recipe recipe,
      int limit,
      List<Integer> counts,
      int folds,
      Path dir,
      Consumer<String> progress,
      Stop stop) {
    if (Splitter.isLesson(recipe)) {
      throw UlmfitException.usage(
          "corpus.standardise=lesson validates on the test rows, by which nothing can be chosen;"
              + " --set corpus.standardise=plain");
    }
    if (Prepare.isPrepared(corpus)) {
      throw UlmfitException.usage(
          corpus + ": prepared for one vocabulary; give the raw corpus, which others read, too");
    }
    Folders.create(dir);
    Expectation expectation = Expectation.of(Expectation.Labels.REQUIRED);
    try (CorpusReading reading =
        CorpusReading.of(
            corpus, expectation, Shard.WHOLE, recipe, dir, row -> {}, progress, stop)) {
      CorpusReader reader = reading.reader();
      Spill spill = reading.spill();
      List<String> labels = Labels.names(spill, reader.declaredLabels(), List.of());
      Summaries.tellRejected(reader.counts().leavingOut(reading.leaveOutUnknown(labels)), progress);
      Summaries.ofLabels(reader, spill).forEach(progress);
      Splitter splitter = new Splitter(corpus.toString(), reader, spill, recipe, labels);
      SplitRows rows = splitter.rows(limit);
      Labels.check(corpus.toString(), reader.whyUnlabelled(), spill, rows);
      if (recipe.corpus().validFraction() > 0) { // else none were to be held out
        splitter.thinLabels(rows).check();
      }
      return write(corpus, counts, folds, dir, reader.columns(), spill, splitter, rows);
    }
  }

  private static RowFiles write(
      Corpus corpus,
      List<Integer> counts,
      int folds,
      Path dir,
      InputColumns columns,
      Spill spill,
      Splitter splitter,
      SplitRows rows) {
    int[] test = rows.test() == null ? new int[0] : rows.test();
    Map<Integer, int[]> training = new TreeMap<>();
    for (int count : counts) {
      if (count > rows.train().length) {
        throw UlmfitException.usage(
            Shown.format(
                "--labels %d: %s has %d training rows beside those held out; give fewer, or all",
                count, corpus, rows.train().length));
      }
      training.put(count, count == 0 ? rows.train() : splitter.sample(rows.train(), count));
    }
    Map<Integer, Integer> sizes = new TreeMap<>();
    training.forEach((count, docs) -> sizes.put(count, docs.length));
    RowFiles files =
        new RowFiles(
            dir,
            rows.labelling(),
            rows.labels(),
            texts(columns),
            rows.labelling() == Labelling.MULTI ? "labels" : "label",
            sizes,
            folds,
            rows.valid().length,
            test.length);
    training.forEach(
        (count, docs) -> {
          files.write(files.file(Part.TRAIN, count, 0), spill, docs, rows);
          files.writeFolds(count, corpus, spill, splitter, docs, rows);
        });
    files.write(files.file(Part.VALID, 0, 0), spill, rows.valid(), rows);
    if (test.length > 0) {
      files.write(files.file(Part.TEST, 0, 0), spill, test, rows);
    }
    return files;
  }

  private void writeFolds(
      int count, Corpus corpus, Spill spill, Splitter splitter, int[] docs, SplitRows rows) {
    if (folds == 0) {
      return;
    }
    if (docs.length < folds) {
      throw UlmfitException.usage(
          Shown.format(
              "--folds %d: %s has %d training rows%s; give fewer folds or more rows",
              folds, corpus, docs.length, count == 0 ? "" : " under --labels " + count));
    }
    int[] own = splitter.folds(docs, folds);
    for (int fold = 1; fold <= folds; fold++) {
      int held = fold - 1;
      int[] others = IntStream.range(0, docs.length).filter(i -> own[i] != held).toArray();
      int[] these = IntStream.range(0, docs.length).filter(i -> own[i] == held).toArray();
      write(file(Part.TRAIN, count, fold), spill, Splitter.take(docs, others), rows);
      write(file(Part.HELD, count, fold), spill, Splitter.take(docs, these), rows);
    }
  }

  /** The corpus's own names where they can be keys. */
  private static List<String> texts(InputColumns columns) {
    List<String> names = columns.text();
    boolean keys =
        columns.header()
            && names.stream().allMatch(name -> KEY.matcher(name).matches())
            && names.stream().noneMatch(List.of(ID, "label", "labels")::contains)
            && names.stream().distinct().count() == names.size();
    return keys && !names.isEmpty()
        ? names
        : columns.fields() == 1
            ? List.of("text")
            : IntStream.range(0, columns.fields()).mapToObj(i -> "text " + (i + 1)).toList();
  }

  private void write(Path file, Spill spill, int[] docs, SplitRows rows) {
    AtomicFiles.write(
        file,
        stream -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          for (int doc : docs) {
            out.write(line(spill, doc, rows.labelsOf()[doc]));
          }
          out.flush();
        });
  }

  private String line(Spill spill, int doc, int[] labelsOf) {
    List<String> names = Arrays.stream(labelsOf).mapToObj(labels::get).toList();
    return row(
        spill.id(doc),
        spill.fields(doc),
        labelling == Labelling.MULTI ? JsonText.array(names) : JsonText.quote(names.get(0)));
  }

  /**
   * The line of a row.
   *
   * @param named its label, or the list of them, as JSON
   */
  private String row(String id, Iterable<String> fields, String named) {
    StringBuilder json = new StringBuilder();
    JsonText.quote(ID, json.append('{'));
    JsonText.quote(id, json.append(':'));
    Iterator<String> texts = this.texts.iterator();
    for (String field : fields) {
      JsonText.quote(texts.next(), json.append(','));
      JsonText.quote(field, json.append(':'));
    }
    JsonText.quote(label, json.append(','));
    return json.append(':').append(named).append("}\n").toString();
  }

  /**
   * The line of another row as these are written, line end with it, where a row has one label.
   *
   * @param known its label; null: none is known
   */
  public String line(String id, List<String> fields, @Nullable String known) {
    return row(id, fields, known == null ? "null" : JsonText.quote(known));
  }

  /** The same files in another folder. */
  public RowFiles in(Path folder) {
    return new RowFiles(folder, labelling, labels, texts, label, training, folds, valid, test);
  }

  /**
   * A file.
   *
   * @param count of training rows, as it was asked for
   * @param fold from 1; 0 = all of them
   */
  public Path file(Part part, int count, int fold) {
    boolean training = part == Part.TRAIN || part == Part.HELD;
    String of = training && count > 0 ? "-" + count : "";
    of += training && fold > 0 ? "-fold" + fold : "";
    return dir.resolve(part.name().toLowerCase(Locale.ROOT) + of + ".jsonl");
  }

  /** Training rows with the validation rows; the test rows stay out of sight, and a fold's own. */
  public Corpus training(int count, int fold) {
    return corpus(Part.TRAIN, count, fold).withValid(validation());
  }

  /** The validation rows; where none are held out the training rows, which show little. */
  public Corpus validation() {
    return corpus(valid > 0 ? Part.VALID : Part.TRAIN, 0, 0);
  }

  private Corpus corpus(Part part, int count, int fold) {
    return corpus(file(part, count, fold));
  }

  /** A file whose rows are written as these are. */
  public Corpus corpus(Path file) {
    return Corpus.at(
        file,
        CorpusOptions.defaults()
            .withFormat(CorpusOptions.Format.JSONL)
            .withIdColumn(ID)
            .withTextColumns(texts)
            .withLabelColumn(label)
            .withSplitColumn("none")
            .withLabelling(labelling));
  }

  /** Whether a file has no rows. */
  public boolean isEmpty(Part part, int count, int fold) {
    try {
      return Files.size(file(part, count, fold)) == 0;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(file(part, count, fold), e);
    }
  }

  /** Every row of a corpus that {@link #corpus(Path)} gave. */
  public void forEach(Corpus corpus, Consumer<Document> sink) {
    CorpusReader.open(corpus, Expectation.of(Expectation.Labels.REQUIRED))
        .forEach((split, row) -> sink.accept(row));
  }

  /** Every row of a file, with the indices of its labels. */
  public void forEach(Part part, int count, int fold, BiConsumer<Document, int[]> sink) {
    CorpusReader.open(corpus(part, count, fold), Expectation.of(Expectation.Labels.REQUIRED))
        .forEach(
            (split, row) ->
                sink.accept(
                    row,
                    (row.labels() == null ? List.<String>of() : row.labels())
                        .stream().mapToInt(labels::indexOf).sorted().toArray()));
  }

  /**
   * Makes sure that prepared data has exactly these rows.
   *
   * @param prepared a folder of prepared data
   * @param count of training rows, as it was asked for
   * @param fold held out of them; 0 = none
   * @return how many there are to train on
   * @throws UlmfitException (bad data) if a row is another
   */
  public int check(Path prepared, int count, int fold) {
    PreparedFolder folder = PreparedFolder.read(prepared);
    Vocab vocab = folder.vocab();
    check(folder, PreparedFolder.VALID, vocab, Part.VALID, 0, 0);
    return check(folder, PreparedFolder.TRAIN, vocab, Part.TRAIN, count, fold);
  }

  private int check(
      PreparedFolder folder, String role, Vocab vocab, Part part, int count, int fold) {
    try (TokenStore store = folder.open(role, vocab)) {
      int[] row = {0};
      forEach(
          part,
          count,
          fold,
          (document, labelsOf) -> {
            int at = row[0]++;
            if (at >= store.size() || !store.id(at).equals(document.id())) {
              throw different(folder, file(part, count, fold), at);
            }
          });
      if (row[0] != store.size()) {
        throw different(folder, file(part, count, fold), row[0]);
      }
      return row[0];
    }
  }

  private static UlmfitException different(PreparedFolder folder, Path file, int row) {
    return UlmfitException.badData(
        Shown.format(
                "%s: its row %d is not that of %s, so that it cannot be compared; start again with",
                folder.dir(), row + 1, file)
            + " --overwrite");
  }
}
