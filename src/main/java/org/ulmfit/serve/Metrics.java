package org.ulmfit.serve;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** What was asked and how long it took, in the text format of Prometheus. Thread-safe. */
final class Metrics {
  private static final double[] SECONDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30};
  private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

  private final Map<String, LongAdder> requests = new TreeMap<>(); // by path and status
  private final Map<String, Histogram> seconds = new TreeMap<>(); // by path, of those that ask
  private final Histogram batches = new Histogram(ROWS);
  private final LongAdder swaps = new LongAdder();

  Metrics() {
    for (String path : new String[] {"/explain", "/predict"}) {
      seconds.put(path, new Histogram(SECONDS));
    }
  }

  /** Counts of values up to bounds. */
  private static final class Histogram {
    final double[] bounds;
    final LongAdder[] counts;
    double sum;

    Histogram(double[] bounds) {
      this.bounds = bounds;
      counts = new LongAdder[bounds.length + 1];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    synchronized void add(double value) {
      int i = 0;
      while (i < bounds.length && value > bounds[i]) {
        i++;
      }
      counts[i].increment();
      sum += value;
    }

    /**
     * Writes its lines.
     *
     * @param label name and value, quoted; empty: none
     */
    synchronized void write(StringBuilder out, String name, String label) {
      String more = label.isEmpty() ? "" : label + ",";
      String own = label.isEmpty() ? "" : "{" + label + "}";
      long all = 0;
      for (int i = 0; i < bounds.length; i++) {
        all += counts[i].sum();
        out.append(name)
            .append("_bucket{")
            .append(more)
            .append("le=\"")
            .append(bounds[i])
            .append("\"} ")
            .append(all)
            .append('\n');
      }
      all += counts[bounds.length].sum();
      out.append(name).append("_bucket{").append(more).append("le=\"+Inf\"} ");
      out.append(all).append('\n');
      out.append(name).append("_sum").append(own).append(' ').append(sum).append('\n');
      out.append(name).append("_count").append(own).append(' ').append(all).append('\n');
    }
  }

  /** A request that was answered, or refused. */
  void request(String path, int status, double took) {
    String key = "path=\"" + path + "\",status=\"" + status + '"';
    synchronized (requests) {
      requests.computeIfAbsent(key, missing -> new LongAdder()).increment();
    }
    Histogram own = seconds.get(path);
    if (own != null) {
      own.add(took);
    }
  }

  /** Texts that were answered at once. */
  void batch(int rows) {
    batches.add(rows);
  }

  /** A model took another's place. */
  void swap() {
    swaps.increment();
  }

  /** All of it. */
  String text(IntSupplier queue) {
    StringBuilder out = new StringBuilder();
    head(out, "ulmfit_requests_total", "Requests by path and status.", "counter");
    synchronized (requests) {
      requests.forEach(
          (key, count) ->
              out.append("ulmfit_requests_total{")
                  .append(key)
                  .append("} ")
                  .append(count.sum())
                  .append('\n'));
    }
    String took = "ulmfit_request_seconds";
    head(out, took, "Seconds from a request to its answer.", "histogram");
    seconds.forEach((path, own) -> own.write(out, took, "path=\"" + path + '"'));
    head(out, "ulmfit_batch_texts", "Texts that were answered at once.", "histogram");
    batches.write(out, "ulmfit_batch_texts", "");
    head(out, "ulmfit_queue_texts", "Texts that wait for an answer.", "gauge");
    out.append("ulmfit_queue_texts ").append(queue.getAsInt()).append('\n');
    head(out, "ulmfit_model_swaps_total", "Models that took another's place.", "counter");
    out.append("ulmfit_model_swaps_total ").append(swaps.sum()).append('\n');
    return out.toString();
  }

  private static void head(StringBuilder out, String name, String help, String type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
