package org.ulmfit.run;

import java.nio.file.Path;

/**
 * Where a training runs.
 *
 * @param out the run's folder
 * @param device {@code auto | cpu | cuda:N}
 * @param resume whether it goes on from the run's last checkpoint
 * @param overwrite whether it may replace a run
 */
public record RunOptions(Path out, String device, boolean resume, boolean overwrite) {

  /** A new run. */
  public static RunOptions in(Path out) {
    return new RunOptions(out, "auto", false, false);
  }
}
