package org.ulmfit.selftrain;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierTraining;
import org.ulmfit.classifier.SoftLabels;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.io.FolderLock;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.Runs;
import org.ulmfit.run.RunsListener;

/**
 * Self-training: classifiers of a few labels answer many texts, the surest of these answers become
 * rows to train on, with the probabilities for labels, and classifiers start again from the
 * language model. Scudder 1965; Lee 2013; of language models Mukherjee and Awadallah 2020. A second
 * kind of model, on n-grams, is asked, and texts on which both agree come first.
 */
public final class SelfTraining {
  static final String STOPPED = "between two rounds; go on with --resume";

  private static final int NAMED = 12; // labels in a line

  private final SelfTrainingJob job;
  private final RunsListener listener;
  private final Stop stop;
  private final SelfTrainingFolder folder;
  private final Recipe recipe; // of the trainings
  private final RoundModels models;

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
    this.models = new RoundModels(job, listener, stop, folder, recipe);
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
      if (job.teacher() != null) {
        planned.teacher(job.teacher(), rows);
      }
      UnlabelledRows texts = planned.texts(rows);
      List<String> lines = new ArrayList<>();
      lines.add(Shown.format("labelled rows: %,d; test rows: %,d", labelled(rows), rows.test()));
      for (int round = 1; round <= job.takes().size(); round++) {
        double share = job.takes().get(round - 1);
        lines.add(
            Shown.format(
                "round %d: up to %,d of %,d texts",
                round, Math.round(share * texts.rows()), texts.rows()));
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
          Shown.format(
              "--seeds: %d models a round; give up to %d",
              job.seeds().size(), EnsembleConfig.MOST));
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
    models.join(job.takes().size());
    SelfTrainingReport report = new SelfTrainingReport(job, rows, texts.rows(), rounds);
    report.write();
    return report;
  }

  /** What a teacher is known by, if it can be one. */
  private String teacher(Path teacher, RowFiles rows) {
    try (TextClassifier opened = TextClassifier.load(teacher, "cpu", null)) {
      if (opened.labelling() != Labelling.SINGLE
          || !Set.copyOf(opened.labels()).equals(Set.copyOf(rows.labels()))) {
        throw UlmfitException.usage(
            Shown.format(
                "--teacher %s: gives %s of %s, the rows have one of %s; train it on the same labels",
                teacher,
                opened.labelling() == Labelling.SINGLE ? "one" : "any number",
                Shown.list(opened.labels(), NAMED),
                Shown.list(rows.labels(), NAMED)));
      }
      InputColumns columns = opened.inputColumns();
      if (columns != null && columns.fields() != rows.texts().size()) {
        throw UlmfitException.usage(
            Shown.format(
                "--teacher %s: reads %s, the rows have %d text columns",
                teacher, columns.describe(), rows.texts().size()));
      }
    }
    return ModelFolder.sum(ModelFolder.place(teacher));
  }

  private Round round(int number, RowFiles rows, UnlabelledRows texts) {
    long started = System.nanoTime();
    listener.note(Shown.format("round %d of %d", number, job.takes().size()));
    if (number > 0 && !Files.exists(folder.taken(number))) {
      take(number, rows, texts);
    }
    TakenTexts took = number == 0 ? null : new TakenTexts(folder, rows, number);
    SoftLabels soft = took == null ? null : took.soft();
    Corpus corpus =
        number == 0
            ? rows.training(0, 0)
            : rows.corpus(folder.training(number)).withValid(rows.validation());
    for (long seed : job.seeds()) {
      models.train(number, seed, corpus, rows.valid() > 0, soft);
    }
    TakenTexts.Taken taken = took == null ? TakenTexts.Taken.NONE : took.count();
    Round round =
        new Round(
            number,
            labelled(rows) + taken.rows(),
            taken.byLabel(),
            taken.known(),
            taken.right(),
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
        listener.note(Shown.format("the teacher answers %,d texts", texts.rows()));
        answers = Answers.of(teacher, labels, texts::forEach, stop);
      }
    } else {
      answers = models.asked(number - 1, labels, texts::forEach, own -> {});
      second = new SecondOpinion(models, folder, rows, texts).after(number - 1);
    }
    double share = job.takes().get(number - 1);
    int[] chosen = Selection.of(answers, second, share, counts(rows));
    tellOfNone(answers, chosen, labels);
    folder.make(number);
    if (second != null) {
      folder.writeAgreement(number, answers.agreement(second));
    }
    new TakenTexts(folder, rows, number).write(texts, answers, chosen);
  }

  /** A label of which a round takes no text is unlearned. */
  private void tellOfNone(Answers answers, int[] chosen, List<String> labels) {
    Set<Integer> taken =
        Arrays.stream(chosen).mapToObj(answers::answer).collect(Collectors.toSet());
    List<String> none =
        IntStream.range(0, labels.size())
            .filter(label -> !taken.contains(label))
            .mapToObj(labels::get)
            .toList();
    if (!none.isEmpty()) {
      listener.note(
          "WARNING: no text is answered with "
              + Shown.list(none, NAMED)
              + ": this round takes none of them, and its model may unlearn them; label more of them");
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
        models.asked(
            number,
            rows.labels(),
            texts,
            own -> alone.add((double) own.hits(right) / right.length));
    Round.Test test = new Round.Test(all.hits(right), right.length, all.loss(right), alone);
    listener.note(Shown.format("round %d: test accuracy %.4f", number, test.accuracy()));
    return test;
  }
}
