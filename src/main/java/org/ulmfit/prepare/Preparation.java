package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.Scripts;
import org.ulmfit.vocab.Vocab;

/** One run of stage 1: read, split, tokenize, count, write. */
final class Preparation {
  private static final int REPORT_EVERY = 25_000;

  /** What a stop says of the work so far. */
  static final String STOPPED = "while the data was prepared; nothing was lost";

  private final Corpus corpus;
  private final Recipe recipe;
  private final Path dir;
  private final Consumer<String> progress;
  private final Stop stop;
  private final Scripts letters = new Scripts();

  /**
   * @param progress receives lines worth showing
   */
  Preparation(Corpus corpus, Recipe recipe, Path dir, Consumer<String> progress, Stop stop) {
    this.corpus = corpus;
    this.recipe = recipe;
    this.dir = dir;
    this.progress = progress;
    this.stop = stop;
  }

  /**
   * Where the vocabulary comes from.
   *
   * @param given null: built from the first training rows there are
   * @param kept words that join a vocabulary that is built
   * @param pretrained the words of the model that is fine-tuned; null: none is
   */
  record Vocabulary(@Nullable Vocab given, List<String> kept, @Nullable Vocab pretrained) {
    static final Vocabulary BUILT = new Vocabulary(null, List.of(), null);
  }

  /** What is to be made. */
  enum Part {
    LM,
    CLASSIFIER,
    CSV
  }

  /** Makes the parts and marks the folder as prepared. */
  void run(Vocabulary vocabulary, int limit, Set<Part> parts, Map<String, String> settings) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      CorpusReader reader;
      try (RejectedRows rejected = new RejectedRows(dir)) {
        reader = read(spill, expectation(parts), rejected::add);
      }
      Optional<String> script = script(vocabulary);
      Splitter splitter = new Splitter(corpus.toString(), reader, spill, recipe);
      SplitRows rows = splitter.rows(limit);
      boolean lm = parts.contains(Part.LM);
      // A corpus without labels can be prepared for the language model alone.
      boolean classifier = parts.contains(Part.CLASSIFIER) && !(lm && rows.labels().isEmpty());
      ThinLabels thin = splitter.thinLabels(rows);
      check(reader, spill, rows, lm, classifier ? thin : null);
      PreparedFolder.unmark(dir);
      if (parts.contains(Part.CSV)) {
        writeCsv(spill, rows, classifier);
      }
      List<String> more = new ArrayList<>(script.stream().toList());
      more.addAll(classifier ? thin.notes() : List.of());
      CorpusSummary summary = summary(reader, spill, rows, lm, classifier, more);
      write(spill, rows, vocabulary, lm, classifier, settings, summary, script.isPresent());
    }
  }

  /** Looks at the script of the corpus before it is cut into tokens. */
  private Optional<String> script(Vocabulary vocabulary) {
    if (vocabulary.given() != null) { // an encoder's, which its user knows
      return Optional.empty();
    }
    Vocab pretrained = vocabulary.pretrained();
    if (pretrained != null) {
      CorpusScript.check(corpus.toString(), letters, pretrained, recipe.text());
    }
    return CorpusScript.warning(letters, recipe.text(), pretrained != null);
  }

  /** Makes one store of labelled rows for an existing model. */
  void evaluation(
      Vocab vocab, List<String> labels, @Nullable InputColumns trained, int limit, Path file) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Expectation expectation = new Expectation(Expectation.Labels.REQUIRED, trained);
      CorpusReader reader = read(spill, expectation, rejection -> {});
      tellRejected(reader.counts());
      Splitter splitter = new Splitter(corpus.toString(), reader, spill, recipe);
      int[] rows = splitter.evaluation(limit);
      if (rows.length == 0) {
        throw UlmfitException.badData(
            corpus + ": no labels to measure against: " + reader.whyUnlabelled());
      }
      progress.accept(
          String.format(
              Locale.ROOT,
              "evaluating %,d rows of %s: its %s split",
              rows.length,
              corpus,
              splitter.evaluationSplit().name().toLowerCase(Locale.ROOT)));
      int[][] labelsOf = Labels.index(spill, labels);
      Labels.checkKnown(corpus.toString(), spill, labels, labelsOf);
      writeStore(spill, rows, vocab, labelsOf, file);
    }
  }

  /** Tokens of the texts to measure a language model on; labels are not looked at. */
  void texts(Vocab vocab, @Nullable InputColumns trained, int limit, Path file) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Expectation expectation = new Expectation(Expectation.Labels.UNUSED, trained);
      CorpusReader reader = read(spill, expectation, rejection -> {});
      tellRejected(reader.counts());
      int[] rows = new Splitter(corpus.toString(), reader, spill, recipe).texts(limit);
      writeStore(spill, rows, vocab, null, file);
    }
  }

  private void writeStore(
      Spill spill, int[] rows, Vocab vocab, int @Nullable [][] labelsOf, Path file) {
    Path temporary = dir.resolve("provisional.tmp");
    try (Tokenization tokens = new Tokenization(spill, recipe, null, temporary, progress, stop)) {
      tokens.run(rows);
      UnknownWords unknown = new UnknownWords(UnknownWords.Origin.MODEL, recipe, false);
      unknown.add(
          corpus.name(), Numericalization.with(tokens, vocab, recipe).write(file, rows, labelsOf));
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

  private CorpusReader read(
      Spill spill, Expectation expectation, Consumer<CorpusReader.Rejection> rejections) {
    CorpusReader reader = CorpusReader.open(corpus, expectation);
    reader.found().forEach(progress);
    boolean universalNewlines = Splitter.isLesson(recipe); // Python's open(..., 'r')
    reader.forEach(
        new CorpusReader.Sink() {
          @Override
          public void accept(Split split, Document document) {
            stop.check(STOPPED);
            document.fields().forEach(letters::add);
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
    return reader;
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
  private void check(
      CorpusReader reader, Spill spill, SplitRows rows, boolean lm, @Nullable ThinLabels thin) {
    if (lm && rows.lmTrain().length == 0) {
      throw UlmfitException.badData(
          corpus
              + ": a single document; the language model needs one to train on and one to"
              + " validate on");
    }
    if (thin != null) {
      Labels.check(corpus.toString(), reader.whyUnlabelled(), spill, rows);
      thin.check();
    }
  }

  private void write(
      Spill spill,
      SplitRows rows,
      Vocabulary vocabulary,
      boolean lm,
      boolean classifier,
      Map<String, String> settings,
      CorpusSummary summary,
      boolean scriptTold) {
    int[] none = {};
    int[] test = rows.test() == null ? none : rows.test();
    Path temporary = dir.resolve("provisional.tmp");
    int[] training = lm ? rows.lmTrain() : rows.train();
    Path tokenizer =
        PreparedTokenizer.make(
            dir, recipe.text(), corpus.toString(), spill, training, settings, progress, stop);
    try (Tokenization tokens =
        new Tokenization(spill, recipe, tokenizer, temporary, progress, stop)) {
      tokens.run(
          lm ? rows.lmTrain() : none,
          lm ? rows.lmValid() : none,
          classifier ? rows.train() : none,
          classifier ? rows.valid() : none,
          classifier ? test : none);
      Numericalization numbers =
          vocabulary.given() != null
              ? Numericalization.with(tokens, vocabulary.given(), recipe)
              : Numericalization.build(tokens, training, recipe, vocabulary.kept());
      Stores stores = new Stores(numbers, vocabulary.given() == null, scriptTold);
      if (lm) {
        stores.add(PreparedFolder.LM_TRAIN, rows.lmTrain(), null);
        stores.add(PreparedFolder.LM_VALID, rows.lmValid(), null);
      }
      if (classifier) {
        stores.add(PreparedFolder.TRAIN, rows.train(), rows.labelsOf());
        if (rows.test() != null) {
          stores.add(PreparedFolder.TEST, rows.test(), rows.labelsOf());
        }
        if (rows.valid() == rows.test()) { // the lesson validates on the test split
          stores.files.put(PreparedFolder.VALID, stores.files.get(PreparedFolder.TEST));
        } else {
          stores.add(PreparedFolder.VALID, rows.valid(), rows.labelsOf());
        }
      }
      numbers.vocab().write(PreparedFolder.vocabFile(dir));
      boolean auto = recipe.vocab().keepPretrained() == Recipe.KeepPretrained.AUTO;
      if (auto && !numbers.vocab().knows(vocabulary.kept())) {
        Fingerprint.dropKept(settings);
      }
      List<String> labels = classifier ? rows.labels() : List.of();
      CorpusSummary counted = stores.counted(summary);
      PreparedFolder.of(dir, settings, labels, numbers.vocab(), stores.files, counted).write();
    }
  }

  /** The token stores as they are written, by role. */
  private final class Stores {
    private final Numericalization numbers;
    private final UnknownWords unknown;
    private final Map<String, String> files = new LinkedHashMap<>();

    Stores(Numericalization numbers, boolean built, boolean scriptTold) {
      this.numbers = numbers;
      var origin = built ? UnknownWords.Origin.BUILT : UnknownWords.Origin.ENCODER;
      this.unknown = new UnknownWords(origin, recipe, scriptTold);
    }

    void add(String role, int[] rows, int @Nullable [][] labelsOf) {
      String file = role + ".tokens";
      Prepare.createFolderOf(dir.resolve(file));
      unknown.add(role, numbers.write(dir.resolve(file), rows, labelsOf));
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
      StandardCsv.write(clas.resolve("train.csv"), spill, rows.train(), rows.labelsOf());
      if (rows.valid() != rows.test()) {
        StandardCsv.write(clas.resolve("valid.csv"), spill, rows.valid(), rows.labelsOf());
      }
      if (rows.test() != null) {
        StandardCsv.write(clas.resolve("test.csv"), spill, rows.test(), rows.labelsOf());
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
      CorpusReader reader,
      Spill spill,
      SplitRows rows,
      boolean lm,
      boolean classifier,
      List<String> more) {
    CorpusReader.Counts counts = reader.counts();
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
    notes.addAll(more);
    notes.addAll(examples(counts));
    long unnamed = counts.rejected() - counts.rejections().size();
    if (unnamed > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "and %,d more: all are in %s of the prepared folder (a dry run keeps none)",
              unnamed,
              RejectedRows.FILE));
    }
    CorpusSummary summary =
        new CorpusSummary(
            counts.rows(),
            counts.used(),
            counts.rejected(),
            splitRows,
            reader.found(),
            reader.columns(),
            notes,
            Map.of());
    summary.lines().forEach(progress);
    return summary;
  }
}
