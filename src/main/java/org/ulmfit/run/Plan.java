package org.ulmfit.run;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.train.Task;

/** What a run would do, in lines for the reader. */
public record Plan(List<String> lines) {

  public Plan {
    lines = List.copyOf(lines);
  }

  /** Lines of a model's layer groups and its number of parameters. */
  public static List<String> parameters(List<LayerGroup> groups) {
    List<String> lines = new ArrayList<>();
    for (LayerGroup group : groups) {
      lines.add(Shown.format("group %s: %,d parameters", group.name(), group.size()));
    }
    long all = groups.stream().mapToLong(LayerGroup::size).sum();
    lines.add(Shown.format("parameters: %,d", all));
    return lines;
  }

  /** A line for each phase. */
  public static List<String> phases(List<Recipe.Phase> phases, Task task) {
    List<String> lines = new ArrayList<>();
    for (int p = 0; p < phases.size(); p++) {
      Recipe.Phase phase = phases.get(p);
      lines.add(
          Shown.format(
              "phase: freezeTo %d, %.2f epochs, %d steps",
              phase.freezeTo(), phase.epochs(), task.steps(p, phase.epochs())));
    }
    return lines;
  }
}
