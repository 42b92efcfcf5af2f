package org.ulmfit;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs the tests it is given, for a process of their own: {@code Class} or {@code Class#method}.
 */
public final class Selected {
  private Selected() {}

  /** Prints how many succeeded; exit 1 if one failed or there was none. */
  public static void main(String[] tests) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    DiscoverySelector[] selectors =
        Arrays.stream(tests)
            .map(
                test ->
                    test.contains("#")
                        ? DiscoverySelectors.selectMethod(test)
                        : DiscoverySelectors.selectClass(test))
            .toArray(DiscoverySelector[]::new);
    LauncherFactory.create()
        .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectors).build(), summary);
    long succeeded = summary.getSummary().getTestsSucceededCount();
    System.out.println(succeeded + " succeeded");
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    summary.getSummary().printFailuresTo(err, 20);
    System.exit(succeeded > 0 && summary.getSummary().getTotalFailureCount() == 0 ? 0 : 1);
  }
}
