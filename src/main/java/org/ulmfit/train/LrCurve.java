package org.ulmfit.train;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a sweep of learning rates has shown: the smoothed loss after each step, and the rates that
 * it suggests. Source: fastai 2 {@code callback.schedule}, whose first tenth and last five points
 * are left out likewise.
 *
 * @param sweep that was planned
 * @param points of the steps that were taken
 * @param blewUp whether it ended early, as the loss blew up
 */
public record LrCurve(RateSweep sweep, List<Point> points, boolean blewUp) {
  static final int FEWEST = 40; // steps that a sweep has at least
  private static final int SKIPPED_AT_THE_END = 5;
  private static final int WINDOW = 15; // of slide, in steps
  private static final double EDGE = 0.1;
  private static final double FLAT = 0.005; // difference of slopes that slide takes for none

  /**
   * A step.
   *
   * @param rate of the last layer group
   * @param loss smoothed, after the step
   */
  public record Point(double rate, double loss) {}

  /** How a rate is read off the curve. */
  public enum Method {
    /** Where the loss falls most for a relative change of the rate. */
    STEEP,
    /** Inside the longest fall: what fastai 2 suggests. */
    VALLEY,
    /** A tenth of where the loss is lowest. */
    MINIMUM,
    /** Left of where the slope begins to change, looked for from the right. */
    SLIDE;

    /** As commands and recipes write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What it suggests, as a multiple of the rate that it finds. */
    double factor() {
      return this == MINIMUM ? 0.1 : 1;
    }
  }

  /**
   * A rate that a method suggests.
   *
   * @param loss of the curve where it was read off
   */
  public record Suggestion(Method method, double rate, double loss) {}

  /** An end of the rates among which suggestions are looked for. */
  public enum Edge {
    LOW,
    HIGH
  }

  public LrCurve {
    points = List.copyOf(points);
  }

  /** What the methods suggest; none where the curve is too short for it. */
  public List<Suggestion> suggestions() {
    return Stream.of(Method.values()).flatMap(method -> suggestion(method).stream()).toList();
  }

  /** What a method suggests; empty where the curve is too short for it. */
  public Optional<Suggestion> suggestion(Method method) {
    int from = sweep.steps() / 10;
    int to = points.size() - SKIPPED_AT_THE_END;
    if (to - from <= WINDOW) {
      return Optional.empty();
    }
    double[] rates = points.subList(from, to).stream().mapToDouble(Point::rate).toArray();
    double[] losses = points.subList(from, to).stream().mapToDouble(Point::loss).toArray();
    return Optional.of(
        switch (method) {
          case STEEP -> at(method, steep(rates, losses), rates, losses);
          case VALLEY -> at(method, valley(losses), rates, losses);
          case MINIMUM -> at(method, lowest(losses), rates, losses);
          case SLIDE -> at(method, slide(losses), rates, losses);
        });
  }

  /**
   * The end of the rates that a suggestion was read off at, within a tenth of them: a better one
   * may lie beyond. Where the loss blew up nothing lies beyond the high one.
   */
  public Optional<Edge> edge(Method method) {
    return suggestion(method).flatMap(this::edge);
  }

  private Optional<Edge> edge(Suggestion suggestion) {
    double low = points.get(sweep.steps() / 10).rate();
    double high = points.get(points.size() - SKIPPED_AT_THE_END - 1).rate();
    double rate = suggestion.rate() / suggestion.method().factor();
    double position =
        sweep.shape() == RateSweep.Shape.LINEAR
            ? (rate - low) / (high - low)
            : Math.log(rate / low) / Math.log(high / low);
    if (position < EDGE) {
      return Optional.of(Edge.LOW);
    }
    return position > 1 - EDGE && !blewUp ? Optional.of(Edge.HIGH) : Optional.empty();
  }

  private static Suggestion at(Method method, int index, double[] rates, double[] losses) {
    return new Suggestion(method, rates[index] * method.factor(), losses[index]);
  }

  private static int steep(double[] rates, double[] losses) {
    double[] slopes = new double[losses.length - 1];
    Arrays.setAll(slopes, i -> (losses[i + 1] - losses[i]) / Math.log(rates[i + 1] / rates[i]));
    return lowest(slopes);
  }

  private static int lowest(double[] values) {
    int lowest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] < values[lowest]) {
        lowest = i;
      }
    }
    return lowest;
  }

  /** Half of the way through the second third of the longest strictly falling subsequence. */
  private static int valley(double[] losses) {
    int[] lengths = new int[losses.length]; // of the longest that ends here
    int end = 0;
    for (int i = 0; i < losses.length; i++) {
      lengths[i] = 1;
      for (int j = 0; j < i; j++) {
        if (losses[i] < losses[j] && lengths[i] < lengths[j] + 1) {
          lengths[i] = lengths[j] + 1;
        }
      }
      if (lengths[end] < lengths[i]) {
        end = i;
      }
    }
    int start = end - lengths[end];
    double third = (end - start) / 3.0;
    return Math.max(0, start + (int) third + (int) (third / 2));
  }

  private static int slide(double[] losses) {
    double[] slopes = new double[losses.length];
    Arrays.setAll(slopes, i -> slope(losses, i));
    int right = losses.length - 1;
    int left = right - WINDOW;
    int found = left;
    while (left >= 0 && Math.abs(slopes[right] - slopes[left]) > FLAT) {
      found = left;
      right--;
      left--;
    }
    return found;
  }

  /** By neighbours on both sides, and at the ends by the one there is. */
  private static double slope(double[] values, int at) {
    int before = Math.max(0, at - 1);
    int after = Math.min(values.length - 1, at + 1);
    return (values[after] - values[before]) / (after - before);
  }
}
