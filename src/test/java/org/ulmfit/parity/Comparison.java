package org.ulmfit.parity;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Parameter;

/**
 * The largest differences of one case. {@link #finish} appends them as JSON lines to the file that
 * {@code -Dulmfit.parity.report} names, then fails if one is outside its tolerance.
 */
public final class Comparison {

  private record Row(String compared, String tolerance, String measured, boolean within) {}

  private record Worst(double tolerance, double measured, String where) {}

  private final ParityCase owner;
  private final Map<String, Worst> worst = new LinkedHashMap<>();
  private final List<Row> others = new ArrayList<>();

  public Comparison(ParityCase owner) {
    this.owner = owner;
  }

  /** Largest difference of two arrays. */
  public void absolute(String what, double tolerance, float[] expected, float[] actual) {
    within(what, tolerance, difference(expected, actual), "");
  }

  /** Largest difference of two arrays in units of the largest expected magnitude. */
  public void relative(
      String what, double tolerance, String where, float[] expected, float[] actual) {
    within(what, tolerance, relative(expected, actual), where);
  }

  /** Largest difference of two arrays in units of the largest expected magnitude. */
  public static double relative(float[] expected, float[] actual) {
    double scale = 0;
    for (float e : expected) {
      scale = Math.max(scale, Math.abs(e));
    }
    double difference = difference(expected, actual);
    return difference == 0 ? 0 : difference / scale;
  }

  /** Losses of training steps, one for one. */
  public void losses(String what, double tolerance, double[] expected, List<Double> actual) {
    if (expected.length != actual.size()) {
      throw new AssertionError(actual.size() + " steps where there are " + expected.length);
    }
    for (int i = 0; i < expected.length; i++) {
      within(what, tolerance, Math.abs(expected[i] - actual.get(i)), "step " + i);
    }
  }

  /** The worst of all measures of that name counts. */
  public void within(String what, double tolerance, double measured, String where) {
    Worst now = new Worst(tolerance, Double.isNaN(measured) ? 1 / 0. : measured, where);
    worst.merge(what, now, (a, b) -> b.measured > a.measured ? b : a);
  }

  /** A count that must be complete. */
  public void all(String what, long equal, long of) {
    String measured = String.format(Locale.ROOT, "%,d of %,d", equal, of);
    others.add(new Row(what, "all", measured, equal == of));
  }

  /** A measure without a tolerance. */
  public void note(String what, String measured) {
    others.add(new Row(what, "–", measured, true));
  }

  /** Fails unless the case has tensors of exactly these names under a prefix. */
  public void names(String prefix, Set<String> names) {
    if (!owner.names(prefix).equals(names)) {
      throw new AssertionError(owner.name() + ": " + owner.names(prefix) + " are not " + names);
    }
  }

  /** Parameters of all groups by their full names. */
  public static Map<String, Parameter> named(
      List<LayerGroup> groups, UnaryOperator<String> fullName) {
    Map<String, Parameter> all = new TreeMap<>();
    groups.forEach(g -> g.parameters().forEach(p -> all.put(fullName.apply(p.name()), p)));
    return all;
  }

  private static double difference(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      throw new AssertionError(actual.length + " values where there are " + expected.length);
    }
    double most = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = Math.abs((double) expected[i] - actual[i]);
      most = Math.max(most, Double.isNaN(d) ? Double.POSITIVE_INFINITY : d);
    }
    return most;
  }

  public void finish() {
    List<Row> rows = new ArrayList<>();
    worst.forEach((what, w) -> rows.add(row(what, w)));
    rows.addAll(others);
    report(rows);
    List<Row> outside = rows.stream().filter(r -> !r.within()).toList();
    if (!outside.isEmpty()) {
      throw new AssertionError(owner.name() + ": " + outside);
    }
  }

  private static Row row(String what, Worst w) {
    boolean within = w.measured <= w.tolerance;
    String measured = String.format(Locale.ROOT, "%.1e", w.measured);
    String where = within || w.where.isEmpty() ? "" : " (" + w.where + ")";
    String tolerance = String.format(Locale.ROOT, "%.0e", w.tolerance);
    return new Row(what, tolerance, measured + where, within);
  }

  private void report(List<Row> rows) {
    String file = System.getProperty("ulmfit.parity.report");
    if (file == null) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    try {
      for (Row row : rows) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("case", owner.name());
        line.put("compared", row.compared());
        line.put("tolerance", row.tolerance());
        line.put("measured", row.measured());
        line.put("within", row.within());
        lines.append(new ObjectMapper().writeValueAsString(line)).append('\n');
      }
      Files.writeString(Path.of(file), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
