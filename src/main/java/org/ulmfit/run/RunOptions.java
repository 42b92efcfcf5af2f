package org.ulmfit.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a training runs.
 *
 * @param out the run's folder
 * @param device {@code auto | cpu | cuda:N}
 * @param resume whether it goes on from the run's last checkpoint
 * @param overwrite whether it may replace a run
 * @param texts whether its report may tell texts of the corpus: those of the surest errors
 * @param invocation what its report tells of how it is made again; null: a program makes it
 */
public record RunOptions(
    Path out,
    String device,
    boolean resume,
    boolean overwrite,
    boolean texts,
    @Nullable Invocation invocation) {

  /** A new run. */
  public static RunOptions in(Path out) {
    return new RunOptions(out, "auto", false, false, true, null);
  }
}
