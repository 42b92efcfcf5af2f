package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.Shard;
import org.ulmfit.vocab.Scripts;
import org.ulmfit.vocab.Vocab;

/** One run of stage 1: read, split, tokenize, count, write. */
final class Preparation {
  private final Corpus corpus;
  private final Recipe recipe;
  private final Path dir;
  private final Consumer<String> progress;
  private final Stop stop;

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
    UNLABELLED,
    CSV
  }

  /** Makes the parts and marks the folder as prepared. */
  void run(Vocabulary vocabulary, int limit, Set<Part> parts, Map<String, String> settings) {
    try (RejectedRows rejected = new RejectedRows(dir);
        CorpusReading reading =
            CorpusReading.of(
                corpus,
                expectation(parts, vocabulary.goesOn()),
                Shard.WHOLE,
                recipe,
                dir,
                rejected::add,
                progress,
                stop)) {
      CorpusReader reader = reading.reader();
      Spill spill = reading.spill();
      CorpusReader.Counts counts = reader.counts();
      List<String> labels = Labels.names(spill, reader.declaredLabels(), vocabulary.labels());
      if (parts.contains(Part.CLASSIFIER)) {
        if (reader.labelling() == Labelling.MULTI) { // else no option reads them apart
          Labels.checkJoined(corpus.toString(), vocabulary.labels(), labels);
        }
        List<CorpusReader.Rejection> unknown = reading.leaveOutUnknown(labels);
        unknown.forEach(rejected::add);
        counts = counts.leavingOut(unknown);
      }
      rejected.flush();
      Optional<String> script = script(vocabulary, reading.letters());
      Splitter splitter = new Splitter(corpus.toString(), reader, spill, recipe, labels);
      SplitRows rows = splitter.rows(limit);
      boolean lm = parts.contains(Part.LM);
      // A corpus without labels can be prepared for the language model alone.
      boolean classifier = parts.contains(Part.CLASSIFIER) && !(lm && rows.labels().isEmpty());
      boolean unlabelled = classifier && parts.contains(Part.UNLABELLED);
      ThinLabels thin = splitter.thinLabels(rows);
      check(reader, spill, rows, lm, classifier ? thin : null);
      if (unlabelled && rows.unlabelled().length == 0) {
        throw UlmfitException.badData(
            corpus
                + ": has no texts without labels, which classifier.adversarial.unlabelled asks for;"
                + " add such rows, or set it to 0");
      }
      PreparedFolder.unmark(dir);
      if (parts.contains(Part.CSV)) {
        writeCsv(spill, rows, classifier);
      }
      List<String> more = new ArrayList<>(script.stream().toList());
      if (classifier) {
        more.addAll(Summaries.ofLabels(reader, spill));
        more.addAll(thin.notes());
      }
      CorpusSummary summary =
          Summaries.of(reader, counts, spill, rows, lm, classifier, unlabelled, more);
      summary.lines().stream()
          .filter(line -> !summary.inputs().contains(line)) // told as they were opened
          .forEach(progress);
      write(
          spill,
          rows,
          vocabulary,
          lm,
          classifier,
          unlabelled,
          settings,
          summary,
          script.isPresent());
    }
  }

  /** Looks at the script of the corpus before it is cut into tokens. */
  private Optional<String> script(Vocabulary vocabulary, Scripts letters) {
    if (vocabulary.given() != null) { // an encoder's, which its user knows
      return Optional.empty();
    }
    Vocab pretrained = vocabulary.pretrained();
    if (pretrained != null) {
      CorpusScript.check(corpus.toString(), letters, pretrained, recipe.text());
    }
    return CorpusScript.warning(letters, recipe.text(), pretrained != null);
  }

  private static Expectation expectation(Set<Part> parts, @Nullable Predecessor goesOn) {
    if (goesOn != null) {
      return new Expectation(Expectation.Labels.REQUIRED, goesOn.columns(), goesOn.labelling());
    }
    return Expectation.of(
        parts.equals(Set.of(Part.LM))
            ? Expectation.Labels.UNUSED
            : !parts.contains(Part.LM) ? Expectation.Labels.REQUIRED : Expectation.Labels.OPTIONAL);
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
      boolean unlabelled,
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
          classifier ? test : none,
          unlabelled ? rows.unlabelled() : none);
      Numericalization numbers =
          vocabulary.given() != null
              ? Numericalization.with(tokens, vocabulary.given(), recipe)
              : Numericalization.build(tokens, training, recipe, vocabulary.kept());
      var origin =
          vocabulary.given() == null ? UnknownWords.Origin.BUILT : UnknownWords.Origin.ENCODER;
      StoreWriting stores =
          new StoreWriting(dir, numbers, new UnknownWords(origin, recipe, scriptTold), progress);
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
          stores.addAlso(PreparedFolder.VALID, PreparedFolder.TEST);
        } else {
          stores.add(PreparedFolder.VALID, rows.valid(), rows.labelsOf());
        }
      }
      if (unlabelled) {
        stores.add(PreparedFolder.UNLABELLED, rows.unlabelled(), null);
      }
      numbers.vocab().write(PreparedFolder.vocabFile(dir));
      boolean auto = recipe.vocab().keepPretrained() == Recipe.KeepPretrained.AUTO;
      if (auto && !numbers.vocab().knows(vocabulary.kept())) {
        Fingerprint.dropKept(settings);
      }
      List<String> labels = classifier ? rows.labels() : List.of();
      CorpusSummary counted = stores.counted(summary);
      PreparedFolder.of(
              dir, settings, rows.labelling(), labels, numbers.vocab(), stores.files(), counted)
          .write();
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
}
