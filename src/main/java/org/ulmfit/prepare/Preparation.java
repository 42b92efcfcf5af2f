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
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
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
   * @param goesOn the classifier whose vocabulary it is and which goes on; null: none does
   */
  record Vocabulary(
      @Nullable Vocab given,
      List<String> kept,
      @Nullable Vocab pretrained,
      @Nullable Predecessor goesOn) {
    static final Vocabulary BUILT = new Vocabulary(null, List.of(), null, null);

    /** Labels that keep their indices. */
    List<String> labels() {
      return goesOn == null ? List.of() : goesOn.labels();
    }
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
      CorpusReader.Counts counts;
      List<String> labels;
      try (RejectedRows rejected = new RejectedRows(dir)) {
        reader = read(spill, expectation(parts, vocabulary.goesOn()), rejected::add);
        counts = reader.counts();
        labels = Labels.names(spill, reader.declaredLabels(), vocabulary.labels());
        if (parts.contains(Part.CLASSIFIER)) {
          List<CorpusReader.Rejection> unknown = leaveOutUnknown(spill, labels);
          unknown.forEach(rejected::add);
          counts = counts.leavingOut(unknown);
        }
      }
      Optional<String> script = script(vocabulary);
      Splitter splitter = new Splitter(corpus.toString(), reader, spill, recipe, labels);
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
      if (classifier) {
        more.addAll(labelNotes(reader, spill));
        more.addAll(thin.notes());
      }
      CorpusSummary summary = summary(reader, counts, spill, rows, lm, classifier, more);
      write(spill, rows, vocabulary, lm, classifier, settings, summary, script.isPresent());
    }
  }

  /** Rows of labels that are unknown, where such rows are to be skipped. */
  private List<CorpusReader.Rejection> leaveOutUnknown(Spill spill, List<String> labels) {
    return corpus.options().onBadRow() == CorpusOptions.OnBadRow.SKIP
        ? Labels.leaveOutUnknown(corpus.toString(), spill, labels)
        : List.of();
  }

  /** What is told of rows without labels, and of labels that stand twice. */
  private static List<String> labelNotes(CorpusReader reader, Spill spill) {
    List<String> notes = new ArrayList<>();
    CorpusReader.Counts counts = reader.counts();
    if (reader.labelling() == Labelling.MULTI) {
      long unlabelled = 0;
      long none = 0;
      for (int doc = 0; doc < spill.size(); doc++) {
        boolean out = spill.isLeftOut(doc);
        boolean unsup = spill.split(doc) == Split.UNSUP;
        unlabelled += !out && unsup ? 1 : 0;
        none += !out && !unsup && spill.labels(doc).length == 0 ? 1 : 0;
      }
      notes.add(
          String.format(Locale.ROOT, "labelled with none: %,d; unlabelled: %,d", none, unlabelled));
    }
    if (counts.emptyLists() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d rows with an empty list of labels were taken as unlabelled; %s takes them as"
                  + " labelled with none",
              counts.emptyLists(),
              reader.asking(Labelling.MULTI)));
    }
    if (counts.repeated() > 0) {
      notes.add(
          String.format(
              Locale.ROOT, "%,d rows name a label twice; it counts once", counts.repeated()));
    }
    return notes;
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

  /**
   * Makes a store of labelled rows for each reader, the corpus read once and each text once for
   * readers of the same text profile.
   *
   * @param files of each reader's store
   * @return the rows' split
   */
  Split evaluation(
      EvaluationSet.Rows wanted,
      Map<EvaluationSet.Reader, Path> files,
      List<String> labels,
      Labelling labelling,
      @Nullable InputColumns trained,
      int limit) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Expectation expectation = new Expectation(Expectation.Labels.REQUIRED, trained, labelling);
      CorpusReader reader = read(spill, expectation, rejection -> {});
      tellRejected(reader.counts().leavingOut(leaveOutUnknown(spill, labels)));
      Splitter splitter = splitter(reader, spill);
      Split split = splitter.split(wanted);
      int[] rows = splitter.evaluation(split, limit);
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
              split.name().toLowerCase(Locale.ROOT)));
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

  /** Tokens of the texts to measure a language model on; labels are not looked at. */
  void texts(Vocab vocab, @Nullable InputColumns trained, int limit, Path file) {
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      Expectation expectation = new Expectation(Expectation.Labels.UNUSED, trained);
      CorpusReader reader = read(spill, expectation, rejection -> {});
      tellRejected(reader.counts());
      int[] rows = splitter(reader, spill).texts(limit);
      writeStores(spill, rows, recipe.text(), Map.of(vocab, file), null);
    }
  }

  /** Of the corpus's own labels. */
  private Splitter splitter(CorpusReader reader, Spill spill) {
    List<String> labels = Labels.names(spill, reader.declaredLabels(), List.of());
    return new Splitter(corpus.toString(), reader, spill, recipe, labels);
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

  private static Expectation expectation(Set<Part> parts, @Nullable Predecessor goesOn) {
    if (goesOn != null) {
      return new Expectation(Expectation.Labels.REQUIRED, goesOn.columns(), goesOn.labelling());
    }
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
    if (expectation.labels() != Expectation.Labels.UNUSED) {
      progress.accept(reader.task());
    }
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
      PreparedFolder.of(
              dir, settings, rows.labelling(), labels, numbers.vocab(), stores.files, counted)
          .write();
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
      CorpusReader.Counts counts,
      Spill spill,
      SplitRows rows,
      boolean lm,
      boolean classifier,
      List<String> more) {
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
