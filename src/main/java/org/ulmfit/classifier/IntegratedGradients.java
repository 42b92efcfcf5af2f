package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ulmfit.Stop;
import org.ulmfit.nn.Kernels;

/**
 * Integrated gradients over the embedded words, from vectors of zeros to what they are:
 * Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks. The weights of all
 * tokens sum up to what the words add to the target, but for what the integral lacks. Tokens that
 * stand for no word are what they are all the way.
 *
 * <p>The integral is a trapezoid rule whose points are chosen by that: the target itself is known
 * at both ends of each part, so what a part lacks is known, too, and those that lack most are
 * halved until all together lack less than a twentieth, and without their signs less than a fifth.
 */
final class IntegratedGradients implements Explainer {
  private static final double[] START = {0, .0625, .125, .25, .375, .5, .75, 1};
  private static final double TOLERANCE = .05; // of the whole
  private static final double BY_PARTS = 4; // times as much of what parts lack without their signs
  private static final double LEAST = .5; // nats: a whole below that is measured by it
  private static final int POINTS = 48; // at most
  private static final int BATCH_TOKENS = 4096; // rows times steps: what they keep is some 0.7 GB

  private final EmbeddedModel model;

  IntegratedGradients(EmbeddedModel model) {
    this.model = model;
  }

  /**
   * A point of the path.
   *
   * @param scale how far along it is, 0 to 1
   * @param logits (classes)
   * @param value the target's
   * @param gradients (steps) the target's gradient by each word's vector, times the way it goes
   */
  private record Point(double scale, float[] logits, double value, double[] gradients) {}

  /**
   * Where the path leads.
   *
   * @param from (steps, 1, E)
   * @param along (steps, 1, E) from there to the words' own vectors
   */
  private record Way(NDArray from, NDArray along) {

    /** Versions of the document (steps, rows, E), as far along as the scales say; no graph. */
    NDArray at(NDManager step, double... scales) {
      float[] rows = new float[scales.length];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = (float) scales[row];
      }
      return Kernels.withoutRecording(
          () -> {
            NDArray x = along.mul(step.create(rows, new Shape(1, rows.length, 1))).addi(from);
            x.attach(step);
            return x;
          });
    }
  }

  @Override
  public String method() {
    return "integrated gradients on the words' vectors";
  }

  @Override
  public float[] baseline(int[] document, int[] groups) {
    EmbeddedModel.Steps steps = model.steps(document);
    return Kernels.withoutRecording(
        () -> {
          try (NDManager step = model.manager().newSubManager()) {
            NDArray x = way(step, steps, groups).at(step, 0);
            return model.logits(step, steps, x).toFloatArray();
          }
        });
  }

  @Override
  public int answers(int words) {
    return 3 * POINTS; // a gradient takes twice as long as an answer, and comes with one
  }

  @Override
  public Attribution explain(int[] document, int[] groups, Target target, Stop stop) {
    EmbeddedModel.Steps steps = model.steps(document);
    List<Point> path = new ArrayList<>();
    try (NDManager whole = model.manager().newSubManager()) {
      Way way = way(whole, steps, groups);
      double[] more = START;
      while (more.length > 0) {
        path.addAll(points(steps, way, target, more, stop));
        path.sort(Comparator.comparingDouble(Point::scale));
        more = lacking(path);
      }
    }
    double[] tokens = new double[document.length];
    double[] weights = integral(path);
    for (int s = 0; s < weights.length; s++) {
      int token = steps.tokens()[steps.fixed() + s];
      if (token >= 0) {
        tokens[token] += weights[s];
      }
    }
    return new Attribution(tokens, whole(path), path.get(0).logits);
  }

  private static double whole(List<Point> path) {
    return path.get(path.size() - 1).value - path.get(0).value;
  }

  /** Middles of the parts that lack most; none where all of them lack little, or at the end. */
  private static double[] lacking(List<Point> path) {
    record Part(double middle, double gap) {}
    List<Part> parts = new ArrayList<>();
    for (int i = 1; i < path.size(); i++) {
      Point a = path.get(i - 1);
      Point b = path.get(i);
      double linear = (b.scale - a.scale) / 2 * (sum(a.gradients) + sum(b.gradients));
      double gap = b.value - a.value - linear;
      parts.add(new Part((a.scale + b.scale) / 2, gap));
    }
    double allowed = TOLERANCE * Math.max(LEAST, Math.abs(whole(path)));
    double gap = Math.abs(parts.stream().mapToDouble(Part::gap).sum());
    double gaps = parts.stream().mapToDouble(part -> Math.abs(part.gap)).sum();
    if (gap <= allowed && gaps <= BY_PARTS * allowed) {
      return new double[0];
    }
    double each = allowed / parts.size();
    return parts.stream()
        .filter(part -> Math.abs(part.gap) > each)
        .sorted(Comparator.comparingDouble(part -> -Math.abs(part.gap)))
        .limit(Math.min(START.length, POINTS - path.size()))
        .mapToDouble(Part::middle)
        .toArray();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /** (steps) */
  private static double[] integral(List<Point> path) {
    double[] weights = new double[path.get(0).gradients.length];
    for (int i = 1; i < path.size(); i++) {
      Point a = path.get(i - 1);
      Point b = path.get(i);
      for (int s = 0; s < weights.length; s++) {
        weights[s] += (b.scale - a.scale) / 2 * (a.gradients[s] + b.gradients[s]);
      }
    }
    return weights;
  }

  private List<Point> points(
      EmbeddedModel.Steps steps, Way way, Target target, double[] scales, Stop stop) {
    int rows = Math.max(1, BATCH_TOKENS / (steps.ids().length - steps.fixed()));
    List<Point> points = new ArrayList<>();
    for (int from = 0; from < scales.length; from += rows) {
      stop.check(STOPPED);
      double[] part = Arrays.copyOfRange(scales, from, Math.min(scales.length, from + rows));
      Kernels.recording(() -> points.addAll(batch(steps, way, target, part)));
    }
    return points;
  }

  private List<Point> batch(EmbeddedModel.Steps steps, Way way, Target target, double[] scales) {
    try (NDManager step = model.manager().newSubManager()) {
      NDArray x = way.at(step, scales); // (steps, rows, E)
      x.setRequiresGradient(true);
      NDArray logits = model.logits(step, steps, x); // (rows, classes)
      float[] flat = logits.toFloatArray();
      int classes = flat.length / scales.length;
      float[] slopes = new float[flat.length];
      float[][] rows = new float[scales.length][];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
        System.arraycopy(target.gradient(rows[row]), 0, slopes, row * classes, classes);
      }
      Kernels.backward(logits, step.create(slopes, logits.getShape()));
      float[] products = products(step, x, way.along); // (steps, rows)
      List<Point> points = new ArrayList<>();
      for (int row = 0; row < scales.length; row++) {
        double[] gradients = new double[products.length / scales.length];
        for (int s = 0; s < gradients.length; s++) {
          gradients[s] = products[s * scales.length + row];
        }
        points.add(new Point(scales[row], rows[row], target.value(rows[row]), gradients));
      }
      return points;
    }
  }

  private static float[] products(NDManager step, NDArray x, NDArray along) {
    return Kernels.withoutRecording(
        () -> {
          NDArray gradient = x.getGradient(); // (steps, rows, E)
          gradient.attach(step);
          return gradient.mul(along).sum(new int[] {2}).toFloatArray();
        });
  }

  /** The way of what is not fixed. */
  private Way way(NDManager step, EmbeddedModel.Steps steps, int[] groups) {
    long[] ids = Arrays.copyOfRange(steps.ids(), steps.fixed(), steps.ids().length);
    float[] goes = new float[ids.length]; // 1 of what stands for a word
    for (int s = 0; s < goes.length; s++) {
      int token = steps.tokens()[steps.fixed() + s];
      goes[s] = token >= 0 && groups[token] >= 0 ? 1 : 0;
    }
    return Kernels.withoutRecording(
        () -> {
          NDArray words = model.embedded(step, ids).expandDims(1); // (steps, 1, E)
          words.attach(step);
          NDArray along = words.mul(step.create(goes, new Shape(goes.length, 1, 1)));
          along.attach(step);
          NDArray from = words.sub(along);
          from.attach(step);
          return new Way(from, along);
        });
  }

  @Override
  public void close() {
    model.close();
  }
}
