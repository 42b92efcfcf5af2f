package org.ulmfit.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.predict.EnsembleJob;
import org.ulmfit.predict.EnsembleMaker;
import org.ulmfit.predict.EvaluationListener;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.RunsListener;

/**
 * All contestants on the same rows as one ensemble, whose weights are learned on what their kinds
 * said of training rows held out.
 */
record Stack(
    CompareJob job, CompareFolder folder, Trainings trainings, RunsListener listener, Stop stop) {

  /** Makes and measures it; empty: its weights cannot be learned on so few rows. */
  Optional<Entry> of(List<Entry> members, RowFiles rows) {
    Contestant stack = members.get(0).contestant().stack();
    Path dir = folder.run(stack);
    String made =
        members.stream()
            .map(Entry::contestant)
            .map(member -> member.name() + " " + ModelFolder.sum(folder.model(member)))
            .collect(Collectors.joining("; "));
    Cost known = folder.costOf(stack);
    if (!known.trained() || !made.equals(known.start())) {
      folder.forget(stack);
      listener.note(stack.name() + ": weights by answers to rows held out");
      long started = System.nanoTime();
      try {
        EnsembleMaker.make(ensemble(members, dir), heard(), stop);
      } catch (UlmfitException e) {
        if (e.kind() != UlmfitException.Kind.BAD_DATA) {
          throw e;
        }
        listener.note(stack.name() + " is left out: " + e.getMessage());
        return Optional.empty();
      }
      known = cost(members, made, (System.nanoTime() - started) / 1e9);
      folder.write(stack, known);
    }
    Measured measured =
        folder.answersOf(stack).orElseGet(() -> trainings.measure(stack, dir, rows, true, stop));
    return Optional.of(Entry.of(stack, rows, known, measured, List.of(), null));
  }

  private EnsembleJob ensemble(List<Entry> members, Path dir) {
    return new EnsembleJob(
        members.stream().map(member -> folder.run(member.contestant())).toList(),
        null,
        members.stream().map(member -> folder.heldOut(member.contestant())).toList(),
        0,
        job.device(),
        null,
        dir,
        true);
  }

  private EvaluationListener heard() {
    return new EvaluationListener() {
      @Override
      public void note(String line) {
        listener.note(line);
      }
    };
  }

  /** What all of it cost: members, folds and weights. */
  private static Cost cost(List<Entry> members, String made, double seconds) {
    double all = seconds;
    Long peak = null;
    for (Entry member : members) {
      all += member.cost().seconds() + Objects.requireNonNull(member.folds()).seconds();
      Long own = member.cost().peakBytes();
      peak = own == null ? peak : Long.valueOf(Math.max(own, peak == null ? 0 : peak));
    }
    return new Cost(made, true, all, 1, peak, null);
  }
}
