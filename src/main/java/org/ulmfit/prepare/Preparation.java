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
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.InputColumns;
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

  /**
   * @param progress receives lines worth showing
   */
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
      CorpusReader corpus;
      try (RejectedRows rejected = new RejectedRows(dir)) {
        corpus = read(spill, expectation(parts), rejected::add);
      }
      Splitter splitter = new Splitter(source.toString(), corpus, spill, recipe);
      SplitRows rows = splitter.rows(limit);
      boolean lm = parts.contains(Part.LM);
      // A corpus without labels can be prepared for the language model alone.
      boolean classifier = parts.contains(Part.CLASSIFIER) && !(lm && rows.labels().isEmpty());
      ThinLabels thin = splitter.thinLabels(rows);
      check(corpus, spill, rows, lm, classifier ? thin : null);
      PreparedFolder.unmark(dir);
      if (parts.contains(Part.CSV)) {
        writeCsv(spill, rows, classifier);
      }
      List<String> labels = classifier ? thin.notes() : List.of();
      CorpusSummary summary = summary(corpus, spill, rows, lm, classifier, labels);
      write(spill, rows, vocab, kept, lm, classifier, settings, summary);
    }
  }

  /** Makes one store of labelled rows for an existing model. */
  void evaluation(Vocab vocab, List<String> labels, InputColumns trained, int limit, Path file) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Expectation expectation = new Expectation(Expectation.Labels.REQUIRED, trained);
      CorpusReader corpus = read(spill, expectation, rejection -> {});
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
  void texts(Vocab vocab, InputColumns trained, int limit, Path file) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Expectation expectation = new Expectation(Expectation.Labels.UNUSED, trained);
      CorpusReader corpus = read(spill, expectation, rejection -> {});
      tellRejected(corpus.counts());
      int[] rows = new Splitter(source.toString(), corpus, spill, recipe).texts(limit);
      writeStore(spill, rows, vocab, null, file);
    }
  }

  private void writeStore(Spill spill, int[] rows, Vocab vocab, int[] labelOf, Path file) {
    Path temporary = dir.resolve("provisional.tmp");
    try (Tokenization tokens = new Tokenization(spill, recipe, temporary, progress)) {
      tokens.run(rows);
      UnknownWords unknown = new UnknownWords(UnknownWords.Origin.MODEL, recipe);
      unknown.add(
          "" + source.getFileName(),
          Numericalization.with(tokens, vocab, recipe).write(file, rows, labelOf));
      progress.accept(CorpusSummary.unknownWords(unknown.shares()));
      unknown.warnings().forEach(progress);
    }
  }

  private static Expectation expectation(Set<Part> parts) {
    return Expectation.of(
        parts.equals(Set.of(Part.LM))
            ? Expectation.Labels.UNUSED
            : parts.equals(Set.of(Part.CLASSIFIER))
                ? Expectation.Labels.REQUIRED
                : Expectation.Labels.OPTIONAL);
  }

  private CorpusReader read(Spill spill, Expectation expectation, Consumer<CorpusReader.Rejection> rejections) {
    CorpusReader corpus = CorpusReader.open(source, options, expectation);
    corpus.found().forEach(progress);
    boolean universalNewlines = Splitter.isLesson(recipe); // Python's open(..., 'r')
    corpus.forEach(
        new CorpusReader.Sink() {
          @Override
          public void accept(Split split, Document document) {
            spill.add(split, universalNewlines ? withNewlines(document) : document);
            if (spill.size() % REPORT_EVERY == 0) {
              progress.accept(String.format(Locale.ROOT, "read %,d documents", spill.size()));
            }
          }

          @Override
          public void reject(CorpusReader.Rejection rejection) {
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

  /**
   * @param thin null: without a classifier's rows
   */
  private void check(CorpusReader corpus, Spill spill, SplitRows rows, boolean lm, ThinLabels thin) {
    if (lm && rows.lmTrain().length == 0) {
      throw UlmfitException.badData(
          source
              + ": a single document; the language model needs one to train on and one to"
              + " validate on");
    }
    if (thin != null) {
      Labels.check(source.toString(), corpus.whyUnlabelled(), spill, rows);
      thin.check();
    }
  }

  private void write(
      Spill spill,
      SplitRows rows,
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
              ? Numericalization.with(tokens, given, recipe)
              : Numericalization.build(tokens, lm ? rows.lmTrain() : rows.train(), recipe, kept);
      Stores stores = new Stores(numbers, given == null);
      if (lm) {
        stores.add(PreparedFolder.LM_TRAIN, rows.lmTrain(), null);
        stores.add(PreparedFolder.LM_VALID, rows.lmValid(), null);
      }
      if (classifier) {
        stores.add(PreparedFolder.TRAIN, rows.train(), rows.labelOf());
        if (rows.test() != null) {
          stores.add(PreparedFolder.TEST, rows.test(), rows.labelOf());
        }
        if (rows.valid() == rows.test()) { // the lesson validates on the test split
          stores.files.put(PreparedFolder.VALID, stores.files.get(PreparedFolder.TEST));
        } else {
          stores.add(PreparedFolder.VALID, rows.valid(), rows.labelOf());
        }
      }
      numbers.vocab().write(PreparedFolder.vocabFile(dir));
      boolean auto = recipe.vocab().keepPretrained() == Recipe.KeepPretrained.AUTO;
      if (auto && !numbers.vocab().knows(kept)) {
        Fingerprint.dropKept(settings);
      }
      List<String> labels = classifier ? rows.labels() : List.of();
      CorpusSummary counted = stores.counted(summary);
      PreparedFolder.of(settings, labels, numbers.vocab(), stores.files, counted).write(dir);
    }
  }

  /** The token stores as they are written, by role. */
  private final class Stores {
    private final Numericalization numbers;
    private final UnknownWords unknown;
    private final Map<String, String> files = new LinkedHashMap<>();

    Stores(Numericalization numbers, boolean built) {
      this.numbers = numbers;
      var origin = built ? UnknownWords.Origin.BUILT : UnknownWords.Origin.ENCODER;
      this.unknown = new UnknownWords(origin, recipe);
    }

    void add(String role, int[] rows, int[] labelOf) {
      String file = role + ".tokens";
      Prepare.createDirectory(dir.resolve(file).getParent());
      unknown.add(role, numbers.write(dir.resolve(file), rows, labelOf));
      files.put(role, file);
    }

    /** Tells of the words that are unknown. */
    CorpusSummary counted(CorpusSummary summary) {
      CorpusSummary counted = summary.with(unknown.shares(), unknown.warnings());
      progress.accept(counted.unknownWords());
      unknown.warnings().forEach(progress);
      return counted;
    }
  }

  private void writeCsv(Spill spill, SplitRows rows, boolean classifier) {
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

  private void tellRejected(CorpusReader.Counts counts) {
    if (counts.rejected() > 0) {
      progress.accept(
          String.format(Locale.ROOT, "%,d of %,d rows rejected", counts.rejected(), counts.rows()));
      examples(counts).forEach(progress);
    }
  }

  private static List<String> examples(CorpusReader.Counts counts) {
    return counts.rejections().stream().map(rejection -> "rejected " + rejection).toList();
  }

  private CorpusSummary summary(
      CorpusReader corpus, Spill spill, SplitRows rows, boolean lm, boolean classifier, List<String> labels) {
    CorpusReader.Counts counts = corpus.counts();
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
    notes.addAll(labels);
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
        new CorpusSummary(
            counts.rows(),
            counts.used(),
            counts.rejected(),
            splitRows,
            corpus.found(),
            corpus.columns(),
            notes,
            Map.of());
    summary.lines().forEach(progress);
    return summary;
  }
}
