package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.RunsListener;

/** Tries values of recipe keys, by the validation rows; the test rows are not asked. */
record Searches(CompareJob job, CompareFolder folder, Trainings trainings, RunsListener listener) {

  /** Whether a contestant has values to try. */
  boolean isFor(Contestant contestant) {
    return grid(contestant).size() > 1;
  }

  /** The values to try of a contestant; a single empty list where there is nothing to search. */
  List<List<String>> grid(Contestant contestant) {
    Recipe.Family kind = Objects.requireNonNull(contestant.kind());
    return Search.grid(
        job.searched().stream()
            .filter(
                key ->
                    key.values().stream()
                        .allMatch(value -> job.recipes().applies(kind, key.key() + "=" + value)))
            .toList());
  }

  /** Whether it can be searched, or go on with what is there of it. */
  void check(Contestant contestant) {
    List<List<String>> grid = grid(contestant);
    for (int i = 0; i < grid.size(); i++) {
      trainings.check(contestant.attempt(i + 1), grid.get(i));
    }
    Search search = job.resume() ? folder.searchOf(contestant).orElse(null) : null;
    if (search != null && !search.tried().equals(grid)) {
      throw UlmfitException.usage(
          folder.run(contestant)
              + ": other values were searched for it; repeat the first command unchanged with"
              + " --resume, or start again with --overwrite");
    }
    if (search != null) {
      trainings.check(contestant, search.sets());
    }
  }

  /** Tries all values, and leaves the best attempt in the contestant's place; null: none fits. */
  @Nullable Search of(Contestant contestant, RowFiles rows, Shares shares) {
    List<List<String>> grid = grid(contestant);
    Search search = folder.searchOf(contestant).orElse(null);
    if (search == null) {
      search = tried(contestant, grid, rows, shares);
      if (search == null) {
        return null;
      }
      folder.write(contestant, search);
    } else {
      shares.skip(grid.size());
    }
    folder.take(contestant.attempt(search.chosen() + 1), contestant);
    for (int i = 0; i < grid.size(); i++) {
      folder.drop(contestant.attempt(i + 1));
    }
    return search;
  }

  private @Nullable Search tried(
      Contestant contestant, List<List<String>> grid, RowFiles rows, Shares shares) {
    List<Double> figures = new ArrayList<>();
    List<@Nullable Double> cut = new ArrayList<>();
    double seconds = 0;
    double most = -1;
    int best = -1;
    for (int i = 0; i < grid.size(); i++) {
      Contestant attempt = contestant.attempt(i + 1);
      listener.note(attempt.name() + ": " + String.join(" ", grid.get(i)));
      Cost cost = trainings.make(attempt, grid.get(i), rows, 0, shares.next());
      Measured measured = cost == null ? null : trainings.measured(attempt, rows, false);
      if (cost == null || measured == null) {
        figures.add(null);
        cut.add(null);
        continue;
      }
      double figure = Entry.Figures.of(rows, measured.valid()).ranked(rows.labelling());
      figures.add(figure);
      cut.add(cost.share());
      seconds += cost.seconds();
      if (figure > most) {
        most = figure;
        best = i;
      }
    }
    return best < 0 ? null : new Search(grid, figures, cut, best, seconds);
  }
}
