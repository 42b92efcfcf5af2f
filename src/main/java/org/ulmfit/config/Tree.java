package org.ulmfit.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of YAML that knows where it was written: {@code "my.yaml, line 3"} or {@code "--set
 * lm.bptt=70"}.
 */
sealed interface Tree {

  String where();

  /** A mapping, in the order written. */
  record Branch(Map<String, Tree> children, String where) implements Tree {}

  /** A list. */
  record Items(List<Tree> items, String where) implements Tree {}

  /** A scalar; {@code quoted} text is never a number or null. */
  record Leaf(String text, boolean quoted, String where) implements Tree {
    boolean isNull() {
      return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }
  }

  /**
   * Adds the keys that have a value.
   *
   * @param key dotted, of this tree; empty: the root
   */
  default void collect(String key, List<Recipes.Given> given) {
    if (this instanceof Branch branch) {
      branch.children.forEach(
          (name, child) -> child.collect(key.isEmpty() ? name : key + "." + name, given));
    } else {
      given.add(new Recipes.Given(key, where()));
    }
  }

  /** This tree laid over another: mappings are merged, everything else is replaced whole. */
  default Tree over(Tree base) {
    if (!(this instanceof Branch top) || !(base instanceof Branch bottom)) {
      return this;
    }
    Map<String, Tree> merged = new LinkedHashMap<>(bottom.children);
    top.children.forEach(
        (key, child) -> merged.merge(key, child, (below, above) -> above.over(below)));
    return new Branch(Collections.unmodifiableMap(merged), top.where);
  }

  /**
   * This tree with one value replaced.
   *
   * @param path keys; within a list, positions from 0
   * @return null if the path leads through a scalar or past a list's end
   */
  default @Nullable Tree with(List<String> path, Tree value) {
    if (path.isEmpty()) {
      return value;
    }
    String key = path.get(0);
    List<String> rest = path.subList(1, path.size());
    if (this instanceof Branch branch) {
      Tree below =
          branch.children.getOrDefault(key, new Branch(Map.of(), value.where())).with(rest, value);
      if (below == null) {
        return null;
      }
      Map<String, Tree> changed = new LinkedHashMap<>(branch.children);
      changed.put(key, below);
      return new Branch(Collections.unmodifiableMap(changed), branch.where);
    }
    if (this instanceof Items list && key.matches("\\d{1,4}")) {
      int at = Integer.parseInt(key);
      Tree below = at < list.items.size() ? list.items.get(at).with(rest, value) : null;
      if (below == null) {
        return null;
      }
      List<Tree> changed = new ArrayList<>(list.items);
      changed.set(at, below);
      return new Items(Collections.unmodifiableList(changed), list.where);
    }
    return null;
  }
}
