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
 * @param invocation what its report tells of how it is made again; null: a program makes it
 */
public record RunOptions(
    Path out, String device, boolean resume, boolean overwrite, @Nullable Invocation invocation) {

  /** A new run. */
  public static RunOptions in(Path out) {
    return new RunOptions(out, "auto", false, false, null);
  }
}
