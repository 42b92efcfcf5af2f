package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.ulmfit.nn.Kernels;

/**
 * Integrated gradients over the embedded words, from vectors of zeros to what they are:
 * Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks. The weights of all
 * tokens sum up to what the words add to the target, but for what the integral lacks. Tokens that
 * stand for no word are what they are all the way.
 *
 * <p>The integral is a trapezoid rule whose points are chosen by that: the target itself is known
 * at both ends of each part, so what a part lacks is known, too, and those that lack most are
 * halved until all together lack less than a twentieth.
 */
final class IntegratedGradients implements Explainer {
  private static final double[] START = {0, .0625, .125, .25, .375, .5, .75, 1};
  private static final double TOLERANCE = .05; // of the whole
  private static final double LEAST = .1; // nats: a whole below that is measured by it
  private static final int POINTS = 96; // at most
  private static final int BATCH_TOKENS = 4096; // rows times steps: what they keep is some 0.7 GB

  private final EmbeddedModel model;

  IntegratedGradients(EmbeddedModel model) {
    this.model = model;
  }

  /**
   * A point of the path.
   *
   * @param gradients (steps) the target's gradient by each word's vector, times the way it goes
   */
  private record Point(double value, double[] gradients) {}

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
  public Attribution explain(int[] document, int[] groups, Target target) {
    EmbeddedModel.Steps steps = model.steps(document);
    TreeMap<Double, Point> path = new TreeMap<>();
    double[] more = START;
    while (more.length > 0) {
      add(path, steps, groups, target, more);
      more = lacking(path);
    }
    double[] tokens = new double[document.length];
    double[] weights = integral(path);
    for (int s = 0; s < weights.length; s++) {
      int token = steps.tokens()[steps.fixed() + s];
      if (token >= 0) {
        tokens[token] += weights[s];
      }
    }
    return new Attribution(tokens, path.get(1.0).value - path.get(0.0).value);
  }

  /** Middles of the parts that lack most; none where all of them lack little, or at the end. */
  private static double[] lacking(TreeMap<Double, Point> path) {
    record Part(double middle, double gap) {}
    List<Part> parts = new ArrayList<>();
    double sum = 0;
    for (double from : path.headMap(path.lastKey()).keySet()) {
      double to = path.higherKey(from);
      Point a = path.get(from);
      Point b = path.get(to);
      double linear = (to - from) / 2 * (sum(a.gradients) + sum(b.gradients));
      double gap = Math.abs(b.value - a.value - linear);
      parts.add(new Part((from + to) / 2, gap));
      sum += gap;
    }
    double whole = Math.abs(path.get(1.0).value - path.get(0.0).value);
    double allowed = TOLERANCE * Math.max(LEAST, whole);
    if (sum <= allowed) {
      return new double[0];
    }
    double each = allowed / parts.size();
    return parts.stream()
        .filter(part -> part.gap > each)
        .sorted(Comparator.comparingDouble(part -> -part.gap))
        .limit(Math.min(START.length, POINTS - path.size()))
        .mapToDouble(Part::middle)
        .toArray();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /** (steps) */
  private static double[] integral(TreeMap<Double, Point> path) {
    double[] weights = new double[path.get(0.0).gradients.length];
    for (double from : path.headMap(path.lastKey()).keySet()) {
      double to = path.higherKey(from);
      double[] a = path.get(from).gradients;
      double[] b = path.get(to).gradients;
      for (int s = 0; s < weights.length; s++) {
        weights[s] += (to - from) / 2 * (a[s] + b[s]);
      }
    }
    return weights;
  }

  private void add(
      TreeMap<Double, Point> path,
      EmbeddedModel.Steps steps,
      int[] groups,
      Target target,
      double[] points) {
    int rows = Math.max(1, BATCH_TOKENS / (steps.ids().length - steps.fixed()));
    for (int from = 0; from < points.length; from += rows) {
      double[] part = Arrays.copyOfRange(points, from, Math.min(points.length, from + rows));
      Point[] found = Kernels.recording(() -> points(steps, groups, target, part));
      for (int row = 0; row < part.length; row++) {
        path.put(part[row], found[row]);
      }
    }
  }

  private Point[] points(EmbeddedModel.Steps steps, int[] groups, Target target, double[] scales) {
    try (NDManager step = model.manager().newSubManager()) {
      Way way = way(step, steps, groups);
      NDArray x = way.at(step, scales); // (steps, rows, E)
      x.setRequiresGradient(true);
      NDArray logits = model.logits(step, steps, x); // (rows, classes)
      float[] flat = logits.toFloatArray();
      int classes = flat.length / scales.length;
      float[] slopes = new float[flat.length];
      double[] values = new double[scales.length];
      for (int row = 0; row < scales.length; row++) {
        float[] own = Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
        values[row] = target.value(own);
        System.arraycopy(target.gradient(own), 0, slopes, row * classes, classes);
      }
      Kernels.backward(logits, step.create(slopes, logits.getShape()));
      float[] products = products(step, x, way.along); // (steps, rows)
      Point[] points = new Point[scales.length];
      for (int row = 0; row < points.length; row++) {
        double[] gradients = new double[products.length / points.length];
        for (int s = 0; s < gradients.length; s++) {
          gradients[s] = products[s * points.length + row];
        }
        points[row] = new Point(values[row], gradients);
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
