package org.ulmfit.selftrain;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
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
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.FolderLock;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.predict.EnsembleJob;
import org.ulmfit.predict.EnsembleMaker;
import org.ulmfit.predict.EvaluationListener;
import org.ulmfit.predict.HeldOutAnswers;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Work;

/**
 * Self-training: classifiers of a few labels answer many texts, the surest of these answers become
 * rows to train on, with the probabilities for labels, and classifiers start again from the
 * language model. Scudder 1965; Lee 2013; of language models Mukherjee and Awadallah 2020. A second
 * kind of model, on n-grams, must agree, so that no model believes but itself.
 */
public final class SelfTraining {
  static final String STOPPED = "between two rounds; go on with --resume";

  private final SelfTrainingJob job;
  private final SelfTrainingListener listener;
  private final Stop stop;
  private final SelfTrainingFolder folder;
  private final Recipe recipe; // of the trainings

  private SelfTraining(
      SelfTrainingJob job,
      SelfTrainingListener listener,
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
  public static SelfTrainingReport run(
      SelfTrainingJob job, SelfTrainingListener listener, Stop stop) {
    SelfTrainingFolder folder = SelfTrainingFolder.look(job);
    Recipe recipe = checked(job);
    FolderLock lock = folder.lock();
    try {
      SelfTrainingFolder.look(job); // nobody changes it any more
      return new SelfTraining(job, listener, stop, folder, recipe).run();
    } finally {
      lock.close();
    }
  }

  /** The recipe of the trainings, if it can be one. */
  private static Recipe checked(SelfTrainingJob job) {
    Recipe.Classifier c = job.recipe().classifier();
    if (c.family() != Recipe.Family.AWD_LSTM) {
      throw UlmfitException.usage(
          "--rounds: self-training is of awd-lstm, which starts again from its language model; leave"
              + " --family out");
    }
    if (c.adversarial().unlabelled() > 0) {
      throw UlmfitException.usage(
          "--rounds: the rounds label texts themselves; set classifier.adversarial.unlabelled=0");
    }
    boolean aside = job.recipe().corpus().validFraction() > 0 || job.corpus().valid() != null;
    if (!aside && (c.patience() > 0 || job.recipe().checkpoint().best() == Recipe.Best.SAVE)) {
      throw UlmfitException.usage(
          "--rounds: no rows are set aside to choose an epoch by; leave classifier.patience and"
              + " checkpoint.best=save out, or set corpus.validFraction above 0");
    }
    return Recipes.with(
        job.recipe(),
        aside
            ? List.of("corpus.testFraction=0")
            : List.of("corpus.testFraction=0", "classifier.calibrate=false"));
  }

  private SelfTrainingReport run() {
    RowFiles written =
        RowFiles.write(
            job.corpus(),
            job.recipe(),
            job.limit(),
            List.of(0),
            0,
            folder.next(),
            listener::note,
            stop);
    RowFiles rows = written.in(folder.rows());
    if (rows.labelling() == Labelling.MULTI) {
      throw UlmfitException.usage(
          job.corpus() + ": has several labels a row; self-training is for one label a row");
    }
    UnlabelledRows texts =
        UnlabelledRows.write(job.unlabelled(), written, listener::note, stop).in(rows);
    folder.begin(
        new SelfTrainingFolder.Begun(
            Recipes.toYaml(job.recipe()),
            sum(Pretrained.open(job.encoder(), "encoder").path()),
            job.teacher() == null ? "" : teacher(job.teacher()),
            job.takes(),
            job.seeds(),
            folder.sumOfNext()),
        job.overwrite());
    folder.takeRows();
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

  private static String teacher(Path teacher) {
    try (TextClassifier whole = TextClassifier.load(teacher, "cpu", null)) {
      Path model =
          Files.isDirectory(teacher.resolve("classifier"))
              ? teacher.resolve("classifier")
              : teacher;
      return sum(model) + " " + whole.labels().size();
    }
  }

  private static String sum(Path model) {
    Path sums = model.resolve("checksums.txt");
    try {
      return Checksums.sha256(sums);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(sums, e);
    }
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
      train(number, seed, corpus, soft);
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
        if (!Set.copyOf(teacher.labels()).equals(Set.copyOf(labels))) {
          throw UlmfitException.usage(
              "--teacher %s: its labels (%s) are not those of %s (%s)"
                  .formatted(job.teacher(), teacher.labels(), job.corpus(), labels));
        }
        listener.note("the teacher answers %,d texts".formatted(texts.rows()));
        answers = Answers.of(teacher, labels, texts::forEach, stop);
      }
    } else {
      answers = asked(number - 1, labels, texts::forEach);
      try (TextClassifier ngrams = TextClassifier.load(ngrams(number - 1, rows), "cpu", null)) {
        second = Answers.of(ngrams, labels, texts::forEach, stop);
      }
    }
    double share = job.takes().get(number - 1);
    int[] chosen = Selection.of(answers, second, share, counts(rows));
    if (chosen.length == 0) {
      throw UlmfitException.badData(
          job.unlabelled()
              + ": no text whose label classifier and n-gram model agree on; give more labels or"
              + " other texts");
    }
    folder.make(number);
    if (second != null) {
      folder.writeAgreement(number, answers.agreement(second));
    }
    write(number, rows, texts, answers, chosen);
  }

  /** The mean of a round's models. */
  private Answers asked(int round, List<String> labels, Answers.Texts texts) {
    List<Answers> all = new ArrayList<>();
    for (long seed : job.seeds()) {
      try (TextClassifier model =
          TextClassifier.load(folder.run(round, seed), job.device(), null)) {
        all.add(Answers.of(model, labels, texts, stop));
      }
    }
    return Answers.mean(all);
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
    List<HeldOutAnswers.Row> taken = new ArrayList<>();
    AtomicFiles.write(
        folder.training(number),
        stream -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          rows.forEach(
              RowFiles.Part.TRAIN,
              0,
              0,
              (row, own) -> line(out, rows, row, rows.labels().get(own[0])));
          int[] text = {0};
          int[] next = {0};
          texts.forEach(
              row -> {
                if (next[0] < chosen.length && chosen[next[0]] == text[0]) {
                  String label = rows.labels().get(answers.answer(text[0]));
                  line(out, rows, row, label);
                  taken.add(taken(row, label, answers, text[0]));
                  next[0]++;
                }
                text[0]++;
              });
          out.flush();
        });
    new HeldOutAnswers(taken).write(folder.taken(number));
  }

  private static HeldOutAnswers.Row taken(Document row, String label, Answers answers, int text) {
    float[] logits = answers.logits(text);
    Map<String, Float> byLabel = new TreeMap<>();
    for (int c = 0; c < logits.length; c++) {
      byLabel.put(answers.labels().get(c), logits[c]);
    }
    String known = UnlabelledRows.known(row);
    return new HeldOutAnswers.Row(
        row.id(), known == null ? List.of() : List.of(known), List.of(label), byLabel);
  }

  private static void line(Writer out, RowFiles rows, Document row, String label) {
    try {
      out.write(UnlabelledRows.line(rows, row.id(), row.fields(), label));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SoftLabels soft(int number, List<String> labels) {
    Map<String, float[]> soft = new HashMap<>();
    for (HeldOutAnswers.Row row : HeldOutAnswers.read(folder.taken(number)).rows()) {
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
    }
    return new SoftLabels(labels, soft);
  }

  /** What was taken, by label, and how right that was. */
  private record Taken(int rows, Map<String, Integer> byLabel, int known, int right) {
    static final Taken NONE = new Taken(0, Map.of(), 0, 0);
  }

  private Taken taken(int number) {
    List<HeldOutAnswers.Row> rows = HeldOutAnswers.read(folder.taken(number)).rows();
    Map<String, Integer> byLabel = new TreeMap<>();
    rows.forEach(row -> byLabel.merge(row.answer().get(0), 1, Integer::sum));
    int known = (int) rows.stream().filter(row -> !row.labels().isEmpty()).count();
    int right = (int) rows.stream().filter(row -> row.labels().equals(row.answer())).count();
    return new Taken(rows.size(), byLabel, known, right);
  }

  private void train(int number, long seed, Corpus corpus, @Nullable SoftLabels soft) {
    Recipe own = Recipes.with(recipe, List.of("seed=" + seed));
    make(
        soft == null
            ? ClassifierTraining.on(job.encoder(), corpus, 0, own)
            : ClassifierTraining.on(job.encoder(), corpus, own, soft),
        folder.run(number, seed));
  }

  /** The n-gram model of a round's rows. */
  private Path ngrams(int number, RowFiles rows) {
    Path training = number == 0 ? rows.file(RowFiles.Part.TRAIN, 0, 0) : folder.training(number);
    Recipe own =
        Recipes.shipped(
            "ngram-nbsvm",
            List.of(
                "seed=" + job.seeds().get(0),
                "corpus.testFraction=0",
                "classifier.calibrate=false",
                Recipes.override("text.tokenizer", recipe.text().tokenizer()),
                Recipes.override("text.rules", Recipes.word(recipe.text().rules()))));
    Corpus corpus = rows.corpus(training).withValid(rows.validation());
    make(
        Family.of(Recipe.Family.NGRAM_NBSVM).work(Start.NONE, corpus, 0, own),
        folder.ngrams(number));
    return folder.ngrams(number);
  }

  private void make(Work<?, ClassifierResult> work, Path run) {
    if (SelfTrainingFolder.isSaved(run)) {
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
    List<Answers> each = new ArrayList<>();
    for (long seed : job.seeds()) {
      try (TextClassifier model =
          TextClassifier.load(folder.run(number, seed), job.device(), null)) {
        each.add(Answers.of(model, rows.labels(), texts, stop));
      }
    }
    Answers all = Answers.mean(each);
    List<Double> alone = each.stream().map(own -> (double) own.hits(right) / right.length).toList();
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
