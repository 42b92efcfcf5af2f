package org.ulmfit.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.FolderLock;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.Runs;
import org.ulmfit.run.RunsListener;

/**
 * Families trained and measured on the same rows. The corpus is read and split once for each seed;
 * every contestant is a run of its own on the files of its rows and never sees the test rows, which
 * its saved model answers in the end.
 */
public final class Comparison {
  /** What a stop says of the work so far. */
  static final String STOPPED = "between two runs; go on with --resume";

  private final CompareJob job;
  private final RunsListener listener;
  private final Stop stop;
  private final CompareFolder folder;
  private final Budget budget;
  private final Trainings trainings;
  private final Searches searches;
  private final FoldRuns folds;

  private Comparison(CompareJob job, RunsListener listener, Stop stop, CompareFolder folder) {
    this.job = job;
    this.listener = listener;
    this.stop = stop;
    this.folder = folder;
    this.budget = new Budget(job.budget(), job.resume() ? folder.spent() : 0);
    this.trainings = new Trainings(job, folder, listener, budget, stop);
    this.searches = new Searches(job, folder, trainings, listener);
    this.folds = new FoldRuns(job, folder, trainings, stop);
  }

  /**
   * Compares.
   *
   * @return what came of it, {@code compare.md} and {@code compare.json} written
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request, to be
   *     resumed
   */
  public static CompareReport run(CompareJob job, RunsListener listener, Stop stop) {
    CompareFolder folder = CompareFolder.look(job);
    Comparison comparison = new Comparison(job, listener, stop, folder);
    List<Contestant> contestants = comparison.contestants();
    contestants.forEach(comparison::check); // refused before any is begun
    if (job.overwrite()) {
      comparison.checkOutside();
    }
    FolderLock lock = folder.shared().lock();
    try {
      CompareFolder.look(job); // nobody changes it any more
      return comparison.run(contestants);
    } finally {
      lock.close();
      folder.shared().removeEmpty();
    }
  }

  /**
   * Reads and splits the corpus and says what {@link #run} would train.
   *
   * @param job whose folder is not looked at
   * @throws UlmfitException as {@link #run}
   */
  public static List<String> plan(CompareJob job, RunsListener listener, Stop stop) {
    try (ScratchFolder scratch = ScratchFolder.make()) {
      CompareFolder folder = new CompareFolder(scratch.path());
      return new Comparison(job, listener, stop, folder).plan();
    }
  }

  private List<String> plan() {
    List<Contestant> contestants = contestants();
    contestants.forEach(this::check);
    long first = job.seeds().get(0);
    RowFiles rows = written(first, folder.rows(), listener::note);
    List<String> lines = new ArrayList<>();
    for (int count : counts()) {
      Integer n = rows.training().get(count);
      lines.add(Shown.format("training rows: %,d", n == null ? 0 : n));
    }
    lines.add(Shown.format("validation rows: %,d; test rows: %,d", rows.valid(), rows.test()));
    int runs = 0;
    for (Contestant contestant : contestants) {
      int each = searches.grid(contestant).size() + job.folds();
      runs += each;
      lines.add(contestant.name() + (each == 1 ? "" : ": " + each + " trainings"));
      boolean told = contestant.seed() != first || contestant.count() != contestants.get(0).count();
      if (!told) {
        var work = trainings.work(contestant, List.of(), rows.training(contestant.count(), 0));
        Runs.plan(work, job.device(), listener.training(work.phases(work.recipe())), stop)
            .lines()
            .forEach(line -> lines.add("  " + line));
      }
    }
    lines.add("trainings: " + runs);
    return lines;
  }

  private CompareReport run(List<Contestant> contestants) {
    Map<Long, RowFiles> rows = rows();
    try {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < contestants.size(); i++) {
        Contestant contestant = contestants.get(i);
        listener.note(Shown.format("%d of %d: %s", i + 1, contestants.size(), contestant.name()));
        RowFiles own = Objects.requireNonNull(rows.get(contestant.seed()));
        Entry entry = entry(contestant, own, Shares.of(contestants, i, this::trainings, rows));
        if (entry != null) {
          entries.add(entry);
        } else if (entries.isEmpty() && i == contestants.size() - 1) {
          throw tooSmall(contestants.get(0));
        }
        folder.writeSpent(budget.spent());
      }
      entries.addAll(stacks(entries, rows));
      RowFiles first = Objects.requireNonNull(rows.get(job.seeds().get(0)));
      CompareReport report = CompareReport.of(job, first, entries, notes(contestants, first));
      AtomicFiles.writeString(job.out().resolve("compare.json"), report.json());
      AtomicFiles.writeString(job.out().resolve("compare.md"), report.markdown());
      AtomicFiles.writeString(job.out().resolve("compare.html"), report.html());
      return report;
    } finally {
      folder.writeSpent(budget.spent());
    }
  }

  private UlmfitException tooSmall(Contestant cheapest) {
    return UlmfitException.usage(
        Shown.format(
                "the budget of %s is too small for the cheapest of what is compared, %s; give more with",
                Amounts.time(Objects.requireNonNull(job.budget())), cheapest.name())
            + " --resume");
  }

  private List<String> notes(List<Contestant> contestants, RowFiles rows) {
    List<String> notes = new ArrayList<>();
    String figure = rows.labelling() == Labelling.SINGLE ? "accuracy" : "macro F1";
    for (Contestant contestant : contestants) {
      folder
          .searchOf(contestant)
          .ifPresent(search -> notes.add(search.line(contestant.name(), figure)));
    }
    if (job.budget() != null) {
      notes.add(
          Shown.format(
              "budget: %s, used %s", Amounts.time(job.budget()), Amounts.time(budget.spent())));
    }
    notes.addAll(trainings.leftOut());
    return notes;
  }

  /** The cheap ones first: without an engine, from random weights, of few rows. */
  private List<Contestant> contestants() {
    List<Contestant> all = new ArrayList<>();
    List<Integer> counts = counts();
    job.families().stream()
        .sorted(
            Comparator.<Recipe.Family, Boolean>comparing(kind -> Family.of(kind).onEngine())
                .thenComparing(kind -> Family.of(kind).startsFromEncoder()))
        .forEach(
            kind ->
                counts.forEach(
                    count ->
                        job.seeds()
                            .forEach(
                                seed -> all.add(Contestant.of(kind, count, seed, job.named())))));
    return all;
  }

  /** How many training rows, from few to all. */
  private List<Integer> counts() {
    return job.counts().stream()
        .sorted(Comparator.comparingInt(n -> n == 0 ? Integer.MAX_VALUE : n))
        .toList();
  }

  private void checkOutside() {
    for (Corpus one : new Corpus[] {job.corpus(), job.corpus().valid(), job.corpus().test()}) {
      if (one != null && one.path() != null) {
        folder.shared().checkOutside(one.path(), "corpus");
      }
    }
    if (job.start() != null) {
      folder.shared().checkOutside(job.start().encoder(), "encoder");
    }
  }

  /** The rows under each seed; what was there before goes only when these are. */
  private Map<Long, RowFiles> rows() {
    Map<Long, RowFiles> rows = new LinkedHashMap<>();
    try {
      folder.shared().discard();
      for (long seed : job.seeds()) {
        String name = job.named() ? "s" + seed : "";
        RowFiles files =
            written(
                seed, folder.next().resolve(name), rows.isEmpty() ? listener::note : line -> {});
        rows.put(seed, files.in(folder.rows().resolve(name)));
      }
      folder.begin(job.overwrite());
    } catch (RuntimeException | Error e) {
      folder.shared().discard();
      throw e;
    }
    return rows;
  }

  private RowFiles written(long seed, Path dir, Consumer<String> told) {
    RowFiles rows =
        RowFiles.write(
            job.corpus(),
            job.recipes().split(seed),
            job.limit(),
            job.counts(),
            job.folds(),
            dir,
            told,
            stop);
    if (rows.valid() == 0) {
      throw UlmfitException.badData(
          job.corpus()
              + ": nothing to validate on: corpus.validFraction is 0;"
              + " --set corpus.validFraction=0.1, or --valid FILE");
    }
    return rows;
  }

  /** How many trainings a contestant needs. */
  private int trainings(Contestant contestant) {
    return searches.grid(contestant).size() + job.folds();
  }

  /** Whether a contestant can be trained, or go on with what is there of it. */
  private void check(Contestant contestant) {
    if (searches.isFor(contestant)) {
      searches.check(contestant);
    } else {
      trainings.check(contestant, List.of());
    }
  }

  /** Null: it was left out. */
  private @Nullable Entry entry(Contestant contestant, RowFiles rows, Shares shares) {
    List<String> sets = List.of();
    if (searches.isFor(contestant)) {
      Search search = searches.of(contestant, rows, shares);
      if (search == null) {
        return null;
      }
      sets = search.sets();
    }
    Cost cost =
        trainings.make(contestant, sets, rows, 0, searches.isFor(contestant) ? 1 : shares.next());
    Measured measured = cost == null ? null : trainings.measured(contestant, rows, true);
    if (cost == null || measured == null) {
      return null;
    }
    OutOfFold out = job.folds() == 0 ? null : folds.of(contestant, sets, rows, shares);
    return Entry.of(contestant, rows, cost, measured, sets, out);
  }

  /** The stack of each group of contestants with answers to the same rows. */
  private List<Entry> stacks(List<Entry> entries, Map<Long, RowFiles> rows) {
    Map<String, List<Entry>> groups = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry.folds() != null) {
        groups
            .computeIfAbsent(entry.contestant().stack().name(), key -> new ArrayList<>())
            .add(entry);
      }
    }
    Stack stack = new Stack(job, folder, trainings, listener, stop);
    List<Entry> stacks = new ArrayList<>();
    for (List<Entry> group : groups.values()) {
      RowFiles own = Objects.requireNonNull(rows.get(group.get(0).contestant().seed()));
      if (group.size() > 1) {
        stack.of(group, own).ifPresent(stacks::add);
      }
    }
    return stacks;
  }
}
