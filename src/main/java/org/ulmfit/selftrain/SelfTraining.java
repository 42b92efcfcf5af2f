package org.ulmfit.selftrain;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierResult;
import org.ulmfit.classifier.ClassifierTraining;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.SoftLabels;
import org.ulmfit.classifier.Start;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.FolderLock;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.predict.EnsembleJob;
import org.ulmfit.predict.EnsembleMaker;
import org.ulmfit.predict.EvaluationListener;
import org.ulmfit.predict.HeldOutAnswers;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunFolder;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.RunsListener;
import org.ulmfit.run.Work;

/**
 * Self-training: classifiers of a few labels answer many texts, the surest of these answers become
 * rows to train on, with the probabilities for labels, and classifiers start again from the
 * language model. Scudder 1965; Lee 2013; of language models Mukherjee and Awadallah 2020. A second
 * kind of model, on n-grams, is asked, and texts on which both agree come first.
 */
public final class SelfTraining {
  static final String STOPPED = "between two rounds; go on with --resume";

  private static final int FOLDS = 5; // of texts taken, for n-grams to agree on
  private static final int NAMED = 12; // labels in a line

  private final SelfTrainingJob job;
  private final RunsListener listener;
  private final Stop stop;
  private final SelfTrainingFolder folder;
  private final Recipe recipe; // of the trainings

  private SelfTraining(
      SelfTrainingJob job,
      RunsListener listener,
      Stop stop,
      SelfTrainingFolder folder,
      Recipe recipe) {
    this.job = job;
    this.listener = listener;
    this.stop = stop;
    this.folder = folder;
    this.recipe = recipe;
  }

  /**
   * Goes through the rounds.
   *
   * @return what came of them; the model is {@code OUT/classifier}
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request, to be
   *     resumed
   */
  public static SelfTrainingReport run(SelfTrainingJob job, RunsListener listener, Stop stop) {
    SelfTrainingFolder folder = SelfTrainingFolder.look(job);
    Recipe recipe = checked(job);
    if (job.overwrite()) {
      checkOutside(job, folder);
    }
    FolderLock lock = folder.shared().lock();
    try {
      SelfTrainingFolder.look(job); // nobody changes it any more
      return new SelfTraining(job, listener, stop, folder, recipe).run();
    } finally {
      lock.close();
      folder.shared().removeEmpty();
    }
  }

  /**
   * Reads rows and texts and says what {@link #run} would do.
   *
   * @param job whose folder is not looked at
   * @throws UlmfitException as {@link #run}
   */
  public static List<String> plan(SelfTrainingJob job, RunsListener listener, Stop stop) {
    Recipe recipe = checked(job);
    try (ScratchFolder scratch = ScratchFolder.make()) {
      SelfTrainingFolder folder = new SelfTrainingFolder(scratch.path());
      SelfTraining planned = new SelfTraining(job, listener, stop, folder, recipe);
      RowFiles rows = planned.rows();
      UnlabelledRows texts = planned.texts(rows);
      List<String> lines = new ArrayList<>();
      lines.add("labelled rows: %,d; test rows: %,d".formatted(labelled(rows), rows.test()));
      for (int round = 1; round <= job.takes().size(); round++) {
        double share = job.takes().get(round - 1);
        lines.add(
            "round %d: up to %,d of %,d texts"
                .formatted(round, Math.round(share * texts.rows()), texts.rows()));
      }
      Corpus corpus = rows.training(0, 0);
      var first = ClassifierTraining.on(job.encoder(), corpus, 0, recipe);
      lines.addAll(
          Runs.plan(first, job.device(), listener.training(first.phases(recipe)), stop).lines());
      return lines;
    }
  }

  /** The recipe of the trainings, if it can be one. */
  private static Recipe checked(SelfTrainingJob job) {
    Recipe.Classifier c = job.recipe().classifier();
    if (c.family() != Recipe.Family.AWD_LSTM) {
      throw UlmfitException.usage(
          "--family: rounds are of awd-lstm, which starts again from its language model; leave it out,"
              + " or make the other family the --teacher");
    }
    if (c.adversarial().unlabelled() > 0) {
      throw UlmfitException.usage(
          "--unlabelled: the rounds label texts themselves; set classifier.adversarial.unlabelled=0");
    }
    if (job.seeds().size() > EnsembleConfig.MOST) {
      throw UlmfitException.usage(
          "--seeds: %d models a round; give up to %d"
              .formatted(job.seeds().size(), EnsembleConfig.MOST));
    }
    job.seeds().forEach(seed -> Recipes.with(job.recipe(), List.of("seed=" + seed)));
    return Recipes.with(job.recipe(), List.of("corpus.testFraction=0"));
  }

  private static void checkOutside(SelfTrainingJob job, SelfTrainingFolder folder) {
    for (Corpus one : Arrays.asList(job.corpus(), job.corpus().valid(), job.corpus().test())) {
      folder.shared().checkOutside(one == null ? null : one.path(), "corpus");
    }
    folder.shared().checkOutside(job.unlabelled().path(), "corpus");
    folder.shared().checkOutside(job.encoder(), "encoder");
    folder.shared().checkOutside(job.teacher(), "teacher");
  }

  private RowFiles rows() {
    RowFiles rows =
        RowFiles.write(
            job.corpus(),
            job.recipe(),
            job.limit(),
            List.of(0),
            0,
            folder.next(),
            listener::note,
            stop);
    if (rows.labelling() == Labelling.MULTI) {
      throw UlmfitException.usage(
          job.corpus() + ": has several labels a row; self-training is for one label a row");
    }
    Recipe.Classifier c = recipe.classifier();
    boolean chooses = c.patience() > 0 || recipe.checkpoint().best() == Recipe.Best.SAVE;
    if (rows.valid() == 0 && chooses) {
      throw UlmfitException.usage(
          job.corpus()
              + ": no rows are set aside to choose an epoch by; leave classifier.patience and"
              + " checkpoint.best=save out, or set corpus.validFraction above 0");
    }
    return rows;
  }

  private UnlabelledRows texts(RowFiles rows) {
    return UnlabelledRows.write(job.unlabelled(), job.limit(), rows, listener::note, stop);
  }

  private SelfTrainingReport run() {
    folder.shared().discard();
    try {
      RowFiles written = rows();
      RowFiles rows = written.in(folder.rows());
      UnlabelledRows texts = texts(written).in(rows);
      folder.begin(
          new SelfTrainingFolder.Begun(
              Recipes.toYaml(job.recipe()),
              ModelFolder.sum(Pretrained.open(job.encoder(), "encoder").path()),
              job.teacher() == null ? "" : teacher(job.teacher(), rows),
              job.takes(),
              job.seeds(),
              folder.sumOfNext()),
          job.overwrite());
      folder.takeRows();
      return run(rows, texts);
    } finally {
      folder.shared().discard();
    }
  }

  private SelfTrainingReport run(RowFiles rows, UnlabelledRows texts) {
    if (rows.valid() == 0) {
      listener.note(
          "no rows are set aside: what is told as validation is of the labelled rows themselves");
    }
    List<Round> rounds = new ArrayList<>();
    for (int number = 0; number <= job.takes().size(); number++) {
      Optional<Round> made = folder.roundOf(number);
      rounds.add(made.isPresent() ? made.get() : round(number, rows, texts));
    }
    join(job.takes().size());
    SelfTrainingReport report = new SelfTrainingReport(job, rows, texts.rows(), rounds);
    report.write();
    return report;
  }

  /** What a teacher is known by, if it can be one. */
  private String teacher(Path teacher, RowFiles rows) {
    Path model = ModelFolder.ensemble(teacher).orElse(teacher);
    if (!Files.exists(model.resolve("config.json"))) {
      model = model.resolve("classifier");
    }
    try (TextClassifier opened = TextClassifier.load(teacher, "cpu", null)) {
      if (opened.labelling() != Labelling.SINGLE
          || !Set.copyOf(opened.labels()).equals(Set.copyOf(rows.labels()))) {
        throw UlmfitException.usage(
            "--teacher %s: gives %s of %s, the rows have one of %s; train it on the same labels"
                .formatted(
                    teacher,
                    opened.labelling() == Labelling.SINGLE ? "one" : "any number",
                    Shown.list(opened.labels(), NAMED),
                    Shown.list(rows.labels(), NAMED)));
      }
      InputColumns columns = opened.inputColumns();
      if (columns != null && columns.fields() != rows.texts().size()) {
        throw UlmfitException.usage(
            "--teacher %s: reads %s, the rows have %d text columns"
                .formatted(teacher, columns.describe(), rows.texts().size()));
      }
    }
    return ModelFolder.sum(model);
  }

  private Round round(int number, RowFiles rows, UnlabelledRows texts) {
    long started = System.nanoTime();
    listener.note("round %d of %d".formatted(number, job.takes().size()));
    if (number > 0 && !Files.exists(folder.taken(number))) {
      take(number, rows, texts);
    }
    SoftLabels soft = number == 0 ? null : soft(number, rows.labels());
    Corpus corpus =
        number == 0
            ? rows.training(0, 0)
            : rows.corpus(folder.training(number)).withValid(rows.validation());
    for (long seed : job.seeds()) {
      train(number, seed, corpus, rows.valid() > 0, soft);
    }
    Taken taken = number == 0 ? Taken.NONE : taken(number);
    Round round =
        new Round(
            number,
            labelled(rows) + taken.rows,
            taken.byLabel,
            taken.known,
            taken.right,
            folder.agreement(number),
            test(number, rows),
            (System.nanoTime() - started) / 1e9);
    folder.write(round);
    return round;
  }

  /** Answers the texts and writes those that a round takes. */
  private void take(int number, RowFiles rows, UnlabelledRows texts) {
    Path taught = number == 1 ? job.teacher() : null;
    List<String> labels = rows.labels();
    Answers answers;
    Answers second = null;
    if (taught != null) {
      try (TextClassifier teacher = TextClassifier.load(taught, job.device(), null)) {
        listener.note("the teacher answers %,d texts".formatted(texts.rows()));
        answers = Answers.of(teacher, labels, texts::forEach, stop);
      }
    } else {
      answers = asked(number - 1, labels, texts::forEach, own -> {});
      second = ngrams(number - 1, rows, texts);
    }
    double share = job.takes().get(number - 1);
    int[] chosen = Selection.of(answers, second, share, counts(rows));
    if (chosen.length == 0) {
      throw UlmfitException.usage(
          "--take %s: less than one of %,d texts; take more, or give more texts"
              .formatted(share, texts.rows()));
    }
    folder.make(number);
    if (second != null) {
      folder.writeAgreement(number, answers.agreement(second));
    }
    write(number, rows, texts, answers, chosen);
  }

  /**
   * The mean of a round's models.
   *
   * @param each hears of every model's own
   */
  private Answers asked(
      int round, List<String> labels, Answers.Texts texts, Consumer<Answers> each) {
    Answers mean = null;
    int joined = 0;
    for (long seed : job.seeds()) {
      Answers own = answers(folder.run(round, seed), job.device(), labels, texts);
      each.accept(own);
      if (mean == null) {
        mean = own;
      } else {
        mean.join(own, joined);
      }
      joined++;
    }
    return Objects.requireNonNull(mean); // there is a seed
  }

  private Answers answers(Path run, String device, List<String> labels, Answers.Texts texts) {
    try (TextClassifier model = TextClassifier.load(run, device, null)) {
      return Answers.of(model, labels, texts, stop);
    }
  }

  /** How many rows have labels. */
  static int labelled(RowFiles rows) {
    return Objects.requireNonNull(rows.training().get(0)); // all of them were written
  }

  private static long[] counts(RowFiles rows) {
    long[] counts = new long[rows.labels().size()];
    rows.forEach(RowFiles.Part.TRAIN, 0, 0, (row, labels) -> counts[labels[0]]++);
    return counts;
  }

  /** The labelled rows and the texts that were taken, and what was answered to these. */
  private void write(
      int number, RowFiles rows, UnlabelledRows texts, Answers answers, int[] chosen) {
    AtomicFiles.write(
        folder.training(number),
        stream -> {
          Writer out = writer(stream);
          labelled(out, rows);
          chosen(texts, chosen, (text, row) -> line(out, rows, row, label(rows, answers, text)));
          out.flush();
        });
    AtomicFiles.write(
        folder.taken(number),
        stream -> {
          Writer out = writer(stream);
          chosen(
              texts,
              chosen,
              (text, row) -> {
                try {
                  HeldOutAnswers.write(out, taken(row, label(rows, answers, text), answers, text));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
          out.flush();
        });
  }

  private static Writer writer(OutputStream stream) {
    return new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
  }

  private static String label(RowFiles rows, Answers answers, int text) {
    return rows.labels().get(answers.answer(text));
  }

  private static void labelled(Writer out, RowFiles rows) {
    rows.forEach(
        RowFiles.Part.TRAIN, 0, 0, (row, own) -> line(out, rows, row, rows.labels().get(own[0])));
  }

  /** Each text that was chosen, with its number. */
  private static void chosen(
      UnlabelledRows texts, int[] chosen, BiConsumer<Integer, Document> sink) {
    int[] text = {0};
    int[] next = {0};
    texts.forEach(
        row -> {
          if (next[0] < chosen.length && chosen[next[0]] == text[0]) {
            sink.accept(text[0], row);
            next[0]++;
          }
          text[0]++;
        });
  }

  private static HeldOutAnswers.Row taken(Document row, String label, Answers answers, int text) {
    float[] logits = answers.logits(text);
    Map<String, Float> byLabel = new TreeMap<>();
    for (int c = 0; c < logits.length; c++) {
      byLabel.put(answers.labels().get(c), logits[c]);
    }
    List<String> known = row.labels();
    return new HeldOutAnswers.Row(
        row.id(), known == null ? List.of() : known, List.of(label), byLabel);
  }

  private static void line(Writer out, RowFiles rows, Document row, String label) {
    try {
      out.write(rows.line(row.id(), row.fields(), label));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SoftLabels soft(int number, List<String> labels) {
    Map<String, float[]> soft = new HashMap<>();
    HeldOutAnswers.forEach(
        folder.taken(number),
        row -> {
          float[] p = new float[labels.size()];
          double sum = 0;
          for (int c = 0; c < p.length; c++) {
            p[c] = (float) Math.exp(row.logits().getOrDefault(labels.get(c), -100f));
            sum += p[c];
          }
          for (int c = 0; c < p.length; c++) {
            p[c] /= (float) sum;
          }
          soft.put(row.id(), p);
        });
    return new SoftLabels(labels, soft);
  }

  /** What was taken, by label, and how right that was. */
  private record Taken(int rows, Map<String, Integer> byLabel, int known, int right) {
    static final Taken NONE = new Taken(0, Map.of(), 0, 0);
  }

  private Taken taken(int number) {
    Map<String, Integer> byLabel = new TreeMap<>();
    int[] counts = new int[3]; // rows, known, right
    HeldOutAnswers.forEach(
        folder.taken(number),
        row -> {
          byLabel.merge(row.answer().get(0), 1, Integer::sum);
          counts[0]++;
          counts[1] += row.labels().isEmpty() ? 0 : 1;
          counts[2] += row.labels().equals(row.answer()) ? 1 : 0;
        });
    return new Taken(counts[0], byLabel, counts[1], counts[2]);
  }

  private void train(
      int number, long seed, Corpus corpus, boolean setAside, @Nullable SoftLabels soft) {
    List<String> keys = new ArrayList<>(List.of("seed=" + seed));
    if (!setAside) {
      keys.add("classifier.calibrate=false"); // no rows to calibrate on
    }
    Recipe own = Recipes.with(recipe, keys);
    make(
        soft == null
            ? ClassifierTraining.on(job.encoder(), corpus, 0, own)
            : ClassifierTraining.on(job.encoder(), corpus, own, soft),
        folder.run(number, seed));
  }

  /**
   * What n-grams of a round's rows say of all texts; of those that the round had taken, what models
   * say that did not learn of them: one that repeats its own label agrees with anybody.
   */
  private Answers ngrams(int number, RowFiles rows, UnlabelledRows texts) {
    Path training = number == 0 ? rows.file(RowFiles.Part.TRAIN, 0, 0) : folder.training(number);
    Answers all = ngrams(folder.ngrams(number, 0), training, rows, texts::forEach);
    if (number == 0) {
      return all;
    }
    Map<String, Integer> folds = new HashMap<>();
    HeldOutAnswers.forEach(
        folder.taken(number), row -> folds.put(row.id(), 1 + folds.size() % FOLDS));
    for (int fold = 1; fold <= FOLDS; fold++) {
      int held = fold;
      Path file = folder.fold(number, fold);
      AtomicFiles.write(
          file,
          stream -> {
            Writer out = writer(stream);
            rows.forEach(
                rows.corpus(training),
                row -> {
                  if (folds.getOrDefault(row.id(), 0) != held) {
                    line(out, rows, row, Objects.requireNonNull(row.labels()).get(0));
                  }
                });
            out.flush();
          });
      Answers.Texts own =
          sink ->
              texts.forEach(
                  row -> {
                    if (folds.getOrDefault(row.id(), 0) == held) {
                      sink.accept(row);
                    }
                  });
      Answers said = ngrams(folder.ngrams(number, fold), file, rows, own);
      int[] text = {0};
      int[] next = {0};
      texts.forEach(
          row -> {
            if (folds.getOrDefault(row.id(), 0) == held) {
              all.probabilities()[text[0]] = said.probabilities()[next[0]++];
            }
            text[0]++;
          });
    }
    return all;
  }

  private Answers ngrams(Path run, Path training, RowFiles rows, Answers.Texts texts) {
    Recipe shipped =
        Recipes.shipped(
            "ngram-nbsvm",
            List.of(
                "seed=" + job.seeds().get(0),
                "corpus.testFraction=0",
                "classifier.calibrate=false"));
    Recipe own = shipped.with(recipe.text(), shipped.model());
    Corpus corpus = rows.corpus(training).withValid(rows.validation());
    make(Family.of(Recipe.Family.NGRAM_NBSVM).work(Start.NONE, corpus, 0, own), run);
    return answers(run, "cpu", rows.labels(), texts);
  }

  private void make(Work<?, ClassifierResult> work, Path run) {
    if (RunFolder.isComplete(run, work.kind())) {
      listener.note(run + ": is there");
      return;
    }
    stop.check(STOPPED);
    boolean begun = Files.exists(run.resolve("recipe.yaml"));
    Invocation invocation = job.command() == null ? null : new Invocation(job.command(), null);
    RunOptions options = new RunOptions(run, job.device(), begun, false, false, invocation);
    Runs.run(work, options, listener.training(work.phases(work.recipe())), stop, finished -> {});
  }

  private Round.@Nullable Test test(int number, RowFiles rows) {
    if (rows.test() == 0) {
      return null;
    }
    List<Integer> truth = new ArrayList<>();
    rows.forEach(RowFiles.Part.TEST, 0, 0, (row, labels) -> truth.add(labels[0]));
    int[] right = truth.stream().mapToInt(label -> label).toArray();
    Answers.Texts texts =
        sink -> rows.forEach(RowFiles.Part.TEST, 0, 0, (row, labels) -> sink.accept(row));
    List<Double> alone = new ArrayList<>();
    Answers all =
        asked(
            number,
            rows.labels(),
            texts,
            own -> alone.add((double) own.hits(right) / right.length));
    Round.Test test = new Round.Test(all.hits(right), right.length, all.loss(right), alone);
    listener.note("round %d: test accuracy %.4f".formatted(number, test.accuracy()));
    return test;
  }

  /** The models of a round as one, where every command finds it. */
  private void join(int number) {
    List<Path> runs = job.seeds().stream().map(seed -> folder.run(number, seed)).toList();
    if (runs.size() == 1) {
      copy(runs.get(0).resolve("classifier"), folder.classifier());
      return;
    }
    EnsembleJob ensemble =
        new EnsembleJob(runs, null, List.of(), 0, job.device(), null, folder.classifier(), true);
    EnsembleMaker.make(ensemble, new EvaluationListener() {}, stop);
  }

  private static void copy(Path model, Path target) {
    AtomicFiles.writeFolder(
        target,
        dir -> {
          try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
              Path to = dir.resolve(model.relativize(file).toString());
              Files.createDirectories(to.getParent());
              Files.copy(file, to);
            }
          }
        });
  }
}
