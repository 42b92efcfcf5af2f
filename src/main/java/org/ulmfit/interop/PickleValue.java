package org.ulmfit.interop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle holds beside strings, numbers (Long, BigInteger, Double) and truth values, which
 * are Java's own, and what a {@link PickleNames} makes. Nothing here compares or prints by content:
 * a small pickle can describe an object that is endless when it is written out.
 */
abstract sealed class PickleValue {

  /** How many containers are inside one another here, this one included. */
  int depth = 1;

  /** Whether it is part of another value, and so can no longer be changed. */
  boolean sealed;

  /** None, or bytes, whose content is never asked for. */
  static final class Plain extends PickleValue {
    static final Plain NONE = new Plain("None");

    final String kind;

    Plain(String kind) {
      this.kind = kind;
    }
  }

  /** A name, or what was made with it, of which nothing but the name is known. */
  static final class Foreign extends PickleValue {
    final String name;

    Foreign(String name) {
      this.name = name;
    }
  }

  static final class Tuple extends PickleValue {
    final List<Object> items;

    Tuple(List<Object> items) {
      this.items = items;
    }
  }

  static final class Sequence extends PickleValue {
    final List<Object> items = new ArrayList<>(0);
  }

  /** A dict or an OrderedDict. */
  static final class Dict extends PickleValue {
    final Map<Object, Object> entries = new LinkedHashMap<>();
    final boolean ordered;

    Dict(boolean ordered) {
      this.ordered = ordered;
    }
  }

  /** What a value is, for a message. */
  static String kind(Object value) {
    if (value instanceof String) {
      return "a string";
    }
    if (value instanceof Boolean) {
      return "a truth value";
    }
    if (value instanceof Number) {
      return "a number";
    }
    if (value instanceof Tuple) {
      return "a tuple";
    }
    if (value instanceof Sequence) {
      return "a list";
    }
    if (value instanceof Dict) {
      return "a dictionary";
    }
    if (value instanceof Plain plain) {
      return plain.kind;
    }
    if (value instanceof Foreign foreign) {
      return "a " + foreign.name;
    }
    return value instanceof TorchNames.Tensor ? "a tensor" : "a name or storage of torch";
  }
}
