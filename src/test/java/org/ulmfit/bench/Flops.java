package org.ulmfit.bench;

/**
 * Floating-point operations that a unit of work needs, 2 for each multiply-add of a matrix product;
 * element-wise work, dropout and the optimiser are not counted, nor is padding.
 */
final class Flops {

  private Flops() {}

  /** A token forward through the three LSTM layers of embedding E and width H. */
  private static double encoder(WorkloadResult r) {
    double e = r.size("embedding");
    double h = r.size("hidden");
    return 2 * 4 * ((e + h) * h + (h + h) * h + (h + e) * e);
  }

  /** A token of a unit of work: forward, and twice as much backward when training. */
  static double perUnit(WorkloadResult r, String side, String series) {
    if (r.name().startsWith("lm-")) {
      boolean sampled = side.endsWith(Workload.SAMPLED);
      double words = r.size(sampled ? "negatives" : "vocabulary");
      return 3 * (encoder(r) + 2 * words * r.size("embedding"));
    }
    if (r.name().startsWith("classifier-")) {
      return 3 * encoder(r);
    }
    return encoder(r)
        * (series.startsWith("single ") ? Integer.parseInt(series.substring(7)) : 250);
  }
}
