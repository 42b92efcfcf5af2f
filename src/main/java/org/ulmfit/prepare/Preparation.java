package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.Vocab;

/** One run of stage 1: read, split, tokenize, count, write. */
final class Preparation {
  private static final int REPORT_EVERY = 25_000;

  private final Path source;
  private final CorpusOptions options;
  private final Recipe recipe;
  private final Path dir;
  private final Consumer<String> progress;

  Preparation(
      Path source, CorpusOptions options, Recipe recipe, Path dir, Consumer<String> progress) {
    this.source = source;
    this.options = options;
    this.recipe = recipe;
    this.dir = dir;
    this.progress = progress;
  }

  /** What is to be made. */
  enum Part {
    LM,
    CLASSIFIER,
    CSV
  }

  /**
   * Makes the parts and marks the folder as prepared.
   *
   * @param vocab null: built from the first training rows there are
   * @param kept words that join a vocabulary that is built
   */
  void run(
      Vocab vocab, List<String> kept, int limit, Set<Part> parts, Map<String, String> settings) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Corpus corpus;
      try (RejectedRows rejected = new RejectedRows(dir)) {
        corpus = read(spill, rejected::add);
      }
      Rows rows = new Splitter(source.toString(), corpus, spill, recipe).rows(limit);
      boolean lm = parts.contains(Part.LM);
      // A corpus without labels can be prepared for the language model alone.
      boolean classifier = parts.contains(Part.CLASSIFIER) && !(lm && rows.labels().isEmpty());
      check(corpus, spill, rows, lm, classifier);
      PreparedFolder.unmark(dir);
      if (parts.contains(Part.CSV)) {
        writeCsv(spill, rows, classifier);
      }
      CorpusSummary summary = summary(corpus, spill, rows, lm, classifier);
      write(spill, rows, vocab, kept, lm, classifier, settings, summary);
    }
  }

  /** Makes one store of labelled rows for an existing model. */
  void evaluation(Vocab vocab, List<String> labels, int limit, Path file) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Corpus corpus = read(spill, rejection -> {});
      tellRejected(corpus.counts());
      Splitter splitter = new Splitter(source.toString(), corpus, spill, recipe);
      int[] rows = splitter.evaluation(limit);
      if (rows.length == 0) {
        throw UlmfitException.badData(
            source + ": no labels to measure against: " + corpus.whyUnlabelled());
      }
      progress.accept(
          String.format(
              Locale.ROOT,
              "evaluating %,d rows of %s: its %s split",
              rows.length,
              source,
              splitter.evaluationSplit().name().toLowerCase(Locale.ROOT)));
      int[] labelOf = Labels.index(spill, labels);
      Labels.checkKnown(source.toString(), spill, labels, labelOf);
      writeStore(spill, rows, vocab, labelOf, file);
    }
  }

  /** Tokens of the texts to measure a language model on; labels are not looked at. */
  void texts(Vocab vocab, int limit, Path file) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Corpus corpus = read(spill, rejection -> {});
      tellRejected(corpus.counts());
      int[] rows = new Splitter(source.toString(), corpus, spill, recipe).texts(limit);
      writeStore(spill, rows, vocab, null, file);
    }
  }

  private void writeStore(Spill spill, int[] rows, Vocab vocab, int[] labelOf, Path file) {
    Path temporary = dir.resolve("provisional.tmp");
    try (Tokenization tokens = new Tokenization(spill, recipe, temporary, progress)) {
      tokens.run(rows);
      Numericalization.with(tokens, vocab).write(file, rows, labelOf);
    }
  }

  private Corpus read(Spill spill, Consumer<Corpus.Rejection> rejections) {
    Corpus corpus = Corpus.open(source, options);
    boolean universalNewlines = Splitter.isLesson(recipe); // Python's open(..., 'r')
    corpus.forEach(
        new Corpus.Sink() {
          @Override
          public void accept(Split split, Document document) {
            spill.add(split, universalNewlines ? withNewlines(document) : document);
            if (spill.size() % REPORT_EVERY == 0) {
              progress.accept(String.format(Locale.ROOT, "read %,d documents", spill.size()));
            }
          }

          @Override
          public void reject(Corpus.Rejection rejection) {
            rejections.accept(rejection);
          }
        });
    spill.finish();
    return corpus;
  }

  private static Document withNewlines(Document document) {
    List<String> fields =
        document.fields().stream()
            .map(field -> field.replace("\r\n", "\n").replace('\r', '\n'))
            .toList();
    return new Document(document.id(), fields, document.labels());
  }

  private void check(Corpus corpus, Spill spill, Rows rows, boolean lm, boolean classifier) {
    if (lm && rows.lmTrain().length == 0) {
      throw UlmfitException.badData(
          source
              + ": a single document; the language model needs one to train on and one to"
              + " validate on");
    }
    if (classifier) {
      Labels.check(source.toString(), corpus.whyUnlabelled(), spill, rows);
      if (rows.valid().length == 0) {
        throw UlmfitException.badData(
            source
                + ": nothing to validate on; give --valid FILE, or corpus.validFraction above 0"
                + " and at least two documents of a label");
      }
    }
  }

  private void write(
      Spill spill,
      Rows rows,
      Vocab given,
      List<String> kept,
      boolean lm,
      boolean classifier,
      Map<String, String> settings,
      CorpusSummary summary) {
    int[] none = {};
    int[] test = rows.test() == null ? none : rows.test();
    Path temporary = dir.resolve("provisional.tmp");
    try (Tokenization tokens = new Tokenization(spill, recipe, temporary, progress)) {
      tokens.run(
          lm ? rows.lmTrain() : none,
          lm ? rows.lmValid() : none,
          classifier ? rows.train() : none,
          classifier ? rows.valid() : none,
          classifier ? test : none);
      Numericalization numbers =
          given != null
              ? Numericalization.with(tokens, given)
              : Numericalization.build(tokens, lm ? rows.lmTrain() : rows.train(), recipe, kept);
      Map<String, String> stores = new LinkedHashMap<>();
      if (lm) {
        store(numbers, stores, PreparedFolder.LM_TRAIN, rows.lmTrain(), null);
        store(numbers, stores, PreparedFolder.LM_VALID, rows.lmValid(), null);
      }
      if (classifier) {
        store(numbers, stores, PreparedFolder.TRAIN, rows.train(), rows.labelOf());
        if (rows.test() != null) {
          store(numbers, stores, PreparedFolder.TEST, rows.test(), rows.labelOf());
        }
        if (rows.valid() == rows.test()) { // the lesson validates on the test split
          stores.put(PreparedFolder.VALID, stores.get(PreparedFolder.TEST));
        } else {
          store(numbers, stores, PreparedFolder.VALID, rows.valid(), rows.labelOf());
        }
      }
      numbers.vocab().write(PreparedFolder.vocabFile(dir));
      boolean auto = recipe.vocab().keepPretrained() == Recipe.KeepPretrained.AUTO;
      if (auto && !numbers.vocab().knows(kept)) {
        Settings.dropKept(settings);
      }
      List<String> labels = classifier ? rows.labels() : List.of();
      PreparedFolder.of(settings, labels, numbers.vocab(), stores, summary).write(dir);
    }
  }

  private void store(
      Numericalization numbers,
      Map<String, String> stores,
      String role,
      int[] rows,
      int[] labelOf) {
    String file = role + ".tokens";
    Prepare.createDirectory(dir.resolve(file).getParent());
    numbers.write(dir.resolve(file), rows, labelOf);
    stores.put(role, file);
  }

  private void writeCsv(Spill spill, Rows rows, boolean classifier) {
    boolean lesson = Splitter.isLesson(recipe);
    Path lm = dir.resolve(lesson ? "imdb_lm" : "csv/lm"); // fastai 0.7 lesson 10
    StandardCsv.write(lm.resolve("train.csv"), spill, rows.lmTrain(), null);
    StandardCsv.write(lm.resolve(lesson ? "test.csv" : "valid.csv"), spill, rows.lmValid(), null);
    if (classifier) {
      Path clas = dir.resolve(lesson ? "imdb_clas" : "csv/classifier");
      StandardCsv.write(clas.resolve("train.csv"), spill, rows.train(), rows.labelOf());
      if (rows.valid() != rows.test()) {
        StandardCsv.write(clas.resolve("valid.csv"), spill, rows.valid(), rows.labelOf());
      }
      if (rows.test() != null) {
        StandardCsv.write(clas.resolve("test.csv"), spill, rows.test(), rows.labelOf());
      }
      StandardCsv.writeClasses(clas.resolve("classes.txt"), rows.classNames());
    }
  }

  private void tellRejected(Corpus.Counts counts) {
    if (counts.rejected() > 0) {
      progress.accept(
          String.format(Locale.ROOT, "%,d of %,d rows rejected", counts.rejected(), counts.rows()));
      examples(counts).forEach(progress);
    }
  }

  private static List<String> examples(Corpus.Counts counts) {
    return counts.rejections().stream().map(rejection -> "rejected " + rejection).toList();
  }

  private CorpusSummary summary(
      Corpus corpus, Spill spill, Rows rows, boolean lm, boolean classifier) {
    Corpus.Counts counts = corpus.counts();
    Map<String, Integer> splitRows = new LinkedHashMap<>();
    if (lm) {
      splitRows.put(PreparedFolder.LM_TRAIN, rows.lmTrain().length);
      splitRows.put(PreparedFolder.LM_VALID, rows.lmValid().length);
    }
    if (classifier) {
      splitRows.put(PreparedFolder.TRAIN, rows.train().length);
      splitRows.put(PreparedFolder.VALID, rows.valid().length);
      if (rows.test() != null) {
        splitRows.put(PreparedFolder.TEST, rows.test().length);
      }
    }
    List<String> notes = new ArrayList<>(Duplicates.describe(spill));
    if (counts.ignoredFiles() > 0) {
      notes.add(String.format(Locale.ROOT, "%,d other files ignored", counts.ignoredFiles()));
    }
    notes.addAll(examples(counts));
    long more = counts.rejected() - counts.rejections().size();
    if (more > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "and %,d more: all are in %s of the prepared folder (a dry run keeps none)",
              more,
              RejectedRows.FILE));
    }
    CorpusSummary summary =
        new CorpusSummary(counts.rows(), counts.used(), counts.rejected(), splitRows, notes);
    summary.lines().forEach(progress);
    return summary;
  }
}
