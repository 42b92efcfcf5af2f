package org.ulmfit.lm;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.random.NumpyRandom;

/** Where one pass over the streams cuts them in time. */
final class BpttWindows {

  private static final double FULL_LENGTH = 0.95; // Merity et al. 2017, section 5
  private static final double SPREAD = 5;
  private static final int SHORTEST = 5;
  private static final int FIRST_EXTRA = 25; // fastai 0.7 since 4 April 2018

  private BpttWindows() {}

  /**
   * One window.
   *
   * @param start first row of the input
   * @param drawn length drawn: the next window starts so much later
   * @param used rows of the input, shorter than drawn only at the end of the streams
   */
  record Window(int start, int drawn, int used) {}

  /**
   * Random lengths: normal around bptt (95 %) or half of it, at least 5, at most {@code rows / bptt
   * - 1} windows, so that the end of each stream is usually not visited. Each length costs one
   * uniform and one normal draw. Source: fastai 0.7 LanguageModelLoader.
   *
   * @param rows length of a stream
   * @param firstFixed the first window has bptt + 25 rows and draws nothing
   */
  static List<Window> randomised(int rows, int bptt, boolean firstFixed, NumpyRandom random) {
    var windows = new ArrayList<Window>();
    int most = mostRandomised(rows, bptt);
    for (int start = 0; start < rows - 1 && windows.size() < most; ) {
      int drawn = firstFixed && start == 0 ? bptt + FIRST_EXTRA : length(bptt, random);
      windows.add(new Window(start, drawn, Math.min(drawn, rows - 1 - start)));
      start += drawn;
    }
    return windows;
  }

  /** The number of windows that {@link #randomised} never exceeds. */
  static int mostRandomised(int rows, int bptt) {
    return Math.max(0, rows / bptt - 1);
  }

  /** One random length. */
  static int length(int bptt, NumpyRandom random) {
    double mean = random.nextDouble() < FULL_LENGTH ? bptt : bptt / 2.0;
    return Math.max(SHORTEST, (int) random.nextNormal(mean, SPREAD));
  }

  /**
   * Windows of bptt rows, the last one shorter. Source: fastai 2 LMDataLoader.
   *
   * @param targets targets of a stream, one less than the tokens it reads
   */
  static List<Window> fixed(int targets, int bptt) {
    var windows = new ArrayList<Window>();
    for (int start = 0; start < targets; start += bptt) {
      int length = Math.min(bptt, targets - start);
      windows.add(new Window(start, length, length));
    }
    return windows;
  }

  /** The number of windows that {@link #fixed} cuts. */
  static int countFixed(int targets, int bptt) {
    return targets / bptt + (targets % bptt == 0 ? 0 : 1);
  }
}
