package org.ulmfit.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierResult;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Start;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Work;

/**
 * Families trained and measured on the same rows. The corpus is read and split once for each seed;
 * every contestant is a run of its own on the files of its rows and never sees the test rows, which
 * its saved model answers in the end.
 */
public final class Comparison {
  /** What a stop says of the work so far. */
  static final String STOPPED = "between two runs; go on with --resume";

  private final CompareJob job;
  private final CompareListener listener;
  private final Stop stop;
  private final CompareFolder folder;

  private Comparison(CompareJob job, CompareListener listener, Stop stop) {
    this.job = job;
    this.listener = listener;
    this.stop = stop;
    this.folder = CompareFolder.look(job);
  }

  /**
   * Compares.
   *
   * @return what came of it, {@code compare.md} and {@code compare.json} written
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request, to be
   *     resumed
   */
  public static CompareReport run(CompareJob job, CompareListener listener, Stop stop) {
    return new Comparison(job, listener, stop).run();
  }

  private CompareReport run() {
    List<Contestant> contestants = contestants();
    contestants.forEach(this::check); // refused before any is begun
    if (job.overwrite()) {
      checkOutside();
    }
    Map<Long, RowFiles> rows = rows();
    List<Entry> entries = new ArrayList<>();
    for (Contestant contestant : contestants) {
      listener.note(
          "%d of %d: %s".formatted(entries.size() + 1, contestants.size(), contestant.name()));
      entries.add(entry(contestant, Objects.requireNonNull(rows.get(contestant.seed()))));
    }
    RowFiles first = Objects.requireNonNull(rows.get(job.seeds().get(0)));
    CompareReport report = CompareReport.of(job, first, entries);
    AtomicFiles.writeString(job.out().resolve("compare.json"), report.json());
    AtomicFiles.writeString(job.out().resolve("compare.md"), report.markdown());
    return report;
  }

  /** The cheap ones first: without an engine, of few rows. */
  private List<Contestant> contestants() {
    List<Contestant> all = new ArrayList<>();
    List<Integer> counts =
        job.counts().stream()
            .sorted(Comparator.comparingInt(n -> n == 0 ? Integer.MAX_VALUE : n))
            .toList();
    job.families().stream()
        .sorted(Comparator.comparing(family -> Family.of(family).onEngine()))
        .forEach(
            family ->
                counts.forEach(
                    count ->
                        job.seeds()
                            .forEach(
                                seed ->
                                    all.add(new Contestant(family, count, seed, job.named())))));
    return all;
  }

  private void checkOutside() {
    for (Corpus one : new Corpus[] {job.corpus(), job.corpus().valid(), job.corpus().test()}) {
      if (one != null && one.path() != null) {
        folder.checkOutside(one.path(), "corpus");
      }
    }
    if (job.start() != null) {
      folder.checkOutside(job.start().encoder(), "encoder");
    }
  }

  /** The rows under each seed; what was there before goes only when these are. */
  private Map<Long, RowFiles> rows() {
    Map<Long, RowFiles> rows = new LinkedHashMap<>();
    try {
      folder.discard();
      for (long seed : job.seeds()) {
        Recipe recipe = job.recipes().split(seed);
        String name = job.named() ? "s" + seed : "";
        RowFiles files =
            RowFiles.write(
                job.corpus(),
                recipe,
                job.limit(),
                job.counts(),
                folder.next().resolve(name),
                rows.isEmpty() ? listener::note : line -> {},
                stop);
        rows.put(seed, files.in(folder.rows().resolve(name)));
      }
      folder.begin(job.overwrite());
    } catch (RuntimeException | Error e) {
      folder.discard();
      folder.removeEmpty();
      throw e;
    }
    return rows;
  }

  /** Whether a contestant can be trained, or go on with what is there of it. */
  private void check(Contestant contestant) {
    Work<?, ClassifierResult> work = work(contestant, job.corpus());
    Path run = folder.run(contestant);
    Cost cost = job.resume() ? folder.costOf(contestant) : Cost.NONE;
    checkStart(run, cost, start(contestant));
    if (cost.trained() && isSaved(run, work)) {
      checkRecipe(run, work.recipe());
    }
  }

  private Entry entry(Contestant contestant, RowFiles rows) {
    Cost cost = folder.costOf(contestant);
    Work<?, ClassifierResult> work = work(contestant, rows.training(contestant.count()));
    Path run = folder.run(contestant);
    if (cost.trained() && isSaved(run, work)) {
      listener.note(run + ": is there");
    } else {
      cost = train(contestant, work, run);
    }
    rows.check(run.resolve("prepared"), contestant.count());
    Measured measured =
        folder.answersOf(contestant).orElseGet(() -> measure(contestant, work, rows));
    return Entry.of(contestant, rows, cost, measured);
  }

  /** Whether nothing is left to do in it. */
  private static boolean isSaved(Path run, Work<?, ?> work) {
    return Files.isDirectory(run.resolve(work.kind()))
        && !Files.isDirectory(run.resolve("checkpoints"));
  }

  private Work<?, ClassifierResult> work(Contestant contestant, Corpus corpus) {
    // the test rows were held out already
    Recipe recipe =
        Recipes.with(
            job.recipes().of(contestant.family(), contestant.seed()),
            List.of("corpus.testFraction=0"));
    Family family = Family.of(contestant.family());
    Start start = family.startsFromEncoder() ? Start.on(encoder()) : Start.NONE;
    return family.work(start, corpus, 0, recipe);
  }

  private Path encoder() {
    return Objects.requireNonNull(job.start()).encoder();
  }

  /** What the weights that a family starts from are known by; null: it starts from none. */
  private @Nullable String start(Contestant contestant) {
    if (!Family.of(contestant.family()).startsFromEncoder()) {
      return null;
    }
    Path sums = Pretrained.open(encoder(), "encoder").path().resolve("checksums.txt");
    try {
      return Checksums.sha256(sums);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(sums, e);
    }
  }

  /** A run that was begun has to start from the same weights. */
  private void checkStart(Path run, Cost cost, @Nullable String start) {
    if (cost.parts() > 0 && !Objects.equals(cost.start(), start)) {
      throw UlmfitException.usage(
          run + ": was begun with another encoder; give the same, or start again with --overwrite");
    }
  }

  /** A run that is complete has to be the one that is asked for. */
  private static void checkRecipe(Path run, Recipe asked) {
    Path file = run.resolve("recipe.yaml");
    try {
      if (!Files.readString(file).equals(Recipes.toYaml(asked))) {
        throw UlmfitException.usage(
            run
                + ": was made with another recipe; repeat the first command unchanged with --resume,"
                + " or start again with --overwrite");
      }
    } catch (IOException e) {
      throw UlmfitException.cannotRead(file, e);
    }
  }

  private Cost train(Contestant contestant, Work<?, ClassifierResult> work, Path run) {
    boolean there = Files.exists(run.resolve("recipe.yaml"));
    // saved, and stopped before that was written down: there is nothing to go on from
    boolean lost = isSaved(run, work);
    if (lost || !there) {
      folder.forget(contestant);
    }
    Cost before = folder.costOf(contestant).begun(start(contestant));
    folder.write(contestant, before);
    RunOptions options = new RunOptions(run, job.device(), there && !lost, there && lost);
    boolean measured = PeakMemory.reset();
    long started = System.nanoTime();
    Consumer<Boolean> spent =
        done -> {
          OptionalLong peak = measured ? PeakMemory.bytes() : OptionalLong.empty();
          Long bytes = peak.isPresent() ? Long.valueOf(peak.getAsLong()) : null;
          double seconds = (System.nanoTime() - started) / 1e9;
          folder.write(contestant, before.plus(done, seconds, bytes));
        };
    try {
      Runs.run(
          work,
          options,
          listener.training(work.phases(work.recipe())),
          stop,
          finished -> spent.accept(true));
    } catch (RuntimeException | Error e) {
      if (Files.exists(run.resolve("recipe.yaml")) && !folder.costOf(contestant).trained()) {
        spent.accept(false);
      }
      throw e;
    }
    return folder.costOf(contestant);
  }

  private Measured measure(Contestant contestant, Work<?, ?> work, RowFiles rows) {
    Path model = folder.run(contestant).resolve(work.kind());
    stop.check(STOPPED);
    try (TextClassifier classifier = TextClassifier.load(model, job.device(), null)) {
      Answers valid = Answers.of(classifier, rows, RowFiles.Part.VALID, stop);
      Answers measured =
          rows.test() == 0 ? valid : Answers.of(classifier, rows, RowFiles.Part.TEST, stop);
      Measured all = new Measured(CompareFolder.bytes(model), valid, measured);
      folder.write(contestant, all);
      return all;
    }
  }
}
