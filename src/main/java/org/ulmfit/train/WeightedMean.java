package org.ulmfit.train;

/**
 * A mean over batches in which every batch counts by its size, so that a short last batch does not
 * count like a full one (fastai 0.7 since June 2018, fastai 1 and 2). Weight 1 throughout gives the
 * plain mean over batches of the older tables.
 */
public final class WeightedMean {

  private double sum;
  private double weight;

  /**
   * Adds one batch.
   *
   * @param mean the batch's own mean
   * @param size what it counts: rows, or tokens for a language model
   */
  public void add(double mean, double size) {
    sum += mean * size;
    weight += size;
  }

  /** The mean so far; NaN if nothing was added. */
  public double mean() {
    return sum / weight;
  }

  /** Sum of the sizes. */
  public double weight() {
    return weight;
  }
}
