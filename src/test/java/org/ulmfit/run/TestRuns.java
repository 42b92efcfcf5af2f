package org.ulmfit.run;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.train.TrainingListener;

/** Runs on the CPU, as tests want them. */
public final class TestRuns {
  private TestRuns() {}

  /** A new run that nobody stops. */
  public static <D extends Prepared, M extends Training.Model, R> R run(
      Training<D, M, R> training, Path out, TrainingListener listener) {
    return run(training, out, false, listener, result -> {});
  }

  /** A run that nobody stops. */
  public static <D extends Prepared, M extends Training.Model, R> R run(
      Training<D, M, R> training,
      Path out,
      boolean resume,
      TrainingListener listener,
      Consumer<R> told) {
    RunOptions options = new RunOptions(out, "cpu", resume, false, true, null);
    return Runs.run(
            training, options, listener, new Stop(), finished -> told.accept(finished.result()))
        .result();
  }
}
