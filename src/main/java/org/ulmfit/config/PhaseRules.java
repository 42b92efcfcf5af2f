package org.ulmfit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe.Curve;

/** What the keys of a phase must be together. */
final class PhaseRules {

  /** The keys each kind of schedule reads. */
  private static final Map<Curve, Set<String>> READS =
      Map.of(
          Curve.CONSTANT, Set.of(),
          Curve.CLR, Set.of("ratio", "cut", "moms"),
          Curve.CLR_BETA, Set.of("ratio", "cut", "moms"),
          Curve.SLANTED_TRIANGULAR, Set.of("ratio", "cut"),
          Curve.COSINE, Set.of(),
          Curve.ONE_CYCLE_1, Set.of("div", "divFinal", "pctStart", "moms"),
          Curve.ONE_CYCLE, Set.of("div", "divFinal", "pctStart", "moms"),
          Curve.FLAT_COS, Set.of("divFinal", "pctStart"));

  static void check(Recipe recipe, Tree tree) {
    check(recipe.lm().stages(), tree, "lm");
    check(recipe.classifier().stages(), tree, "classifier");
    dropouts(recipe.lm().dropout(), recipe.lm().dropMult(), tree, "lm");
    dropouts(recipe.classifier().dropout(), recipe.classifier().dropMult(), tree, "classifier");
  }

  private static void dropouts(Recipe.Dropouts d, double times, Tree tree, String task) {
    new TreeMap<>(
            Map.of(
                "input", d.input(),
                "embedding", d.embedding(),
                "weight", d.weight(),
                "hidden", d.hidden(),
                "output", d.output()))
        .forEach(
            (name, share) -> {
              if (share * times >= 1) {
                throw Binder.refuse(
                    child(child(tree, task), "dropMult"),
                    Shown.format(
                        "%1$s.dropMult=%2$s times %1$s.dropout.%3$s=%4$s leaves nothing; lower one of them",
                        task, times, name, share));
              }
            });
  }

  private static void check(List<Recipe.Phase> phases, Tree tree, String task) {
    Tree.Items written = (Tree.Items) child(child(tree, task), "stages");
    for (int i = 0; i < phases.size(); i++) {
      Tree phase = written.items().get(i);
      String key = task + ".stages." + i;
      rates(phases.get(i).rates(), child(phase, "rates"), key + ".rates");
      schedule(phases.get(i).schedule(), child(phase, "schedule"), key + ".schedule");
    }
  }

  private static void rates(Recipe.Rates rates, Tree tree, String key) {
    List<String> given = new ArrayList<>();
    if (rates.lr() != null) {
      given.add("lr");
    }
    if (rates.list() != null) {
      given.add("list");
    }
    if (rates.slice() != null) {
      given.add("slice");
    }
    if (given.size() != 1) {
      throw Binder.refuse(
          tree,
          key
              + ": needs exactly one of lr, list, slice"
              + (given.isEmpty() ? "" : "; it has " + String.join(" and ", given)));
    }
    if (rates.factor() != null && rates.lr() == null) {
      throw Binder.refuse(
          tree, key + ".factor: goes with lr, not with " + given.get(0) + "; take it out");
    }
  }

  private static void schedule(Recipe.Schedule schedule, Tree tree, String key) {
    Set<String> reads = Objects.requireNonNull(READS.get(schedule.kind())); // all kinds are in it
    for (Map.Entry<String, Tree> entry : ((Tree.Branch) tree).children().entrySet()) {
      String name = entry.getKey();
      boolean unset = entry.getValue() instanceof Tree.Leaf leaf && leaf.isNull();
      if (!name.equals("kind") && !reads.contains(name) && !unset) {
        throw Binder.refuse(
            entry.getValue(),
            key
                + "."
                + name
                + ": has no meaning for "
                + Key.word(schedule.kind())
                + "; take it out");
      }
    }
    if (schedule.moms() != null
        && schedule.moms().size() == 3
        && schedule.kind() != Curve.ONE_CYCLE) {
      throw Binder.refuse(tree, key + ".moms: " + Key.word(schedule.kind()) + " takes 2, not 3");
    }
  }

  /** One that is there: the recipe was made of the tree. */
  private static Tree child(Tree tree, String name) {
    return Objects.requireNonNull(((Tree.Branch) tree).children().get(name), name);
  }

  private PhaseRules() {}
}
