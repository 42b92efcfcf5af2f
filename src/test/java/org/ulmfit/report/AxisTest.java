package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void roundNumbersAreWrittenAtIt() {
    Axis axis = Axis.of(DoubleStream.of(3, 97, Double.NaN, Double.POSITIVE_INFINITY), false);
    assertEquals(List.of(20.0, 40.0, 60.0, 80.0), axis.ticks());
    assertEquals(0, axis.share(3));
    assertEquals(1, axis.share(97));
  }

  @Test
  void powersAreWrittenAtALogarithmicOne() {
    Axis few = Axis.of(DoubleStream.of(1, 100), true);
    assertEquals(List.of(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0), few.ticks());
    assertEquals(0.5, few.share(10));
    Axis many = Axis.of(DoubleStream.of(1e-6, 1e-2, 0), true); // zero has no place there
    assertEquals(5, many.ticks().size());
    assertEquals(1e-6, many.ticks().get(0), 1e-18);
    assertFalse(Double.isFinite(many.share(0)));
  }

  @Test
  void oneValueHasRoomAroundIt() {
    assertEquals(new Axis(0, 1, false), Axis.of(DoubleStream.of(0.5, 0.5), false));
    assertEquals(new Axis(-2.5, -1.5, true), Axis.of(DoubleStream.of(0.01), true));
    assertEquals(new Axis(0, 1, false), Axis.of(DoubleStream.empty(), false));
    assertTrue(Axis.of(DoubleStream.of(0), true).ticks().size() > 1);
  }

  @Test
  void aLogarithmicSecondAxisEndsFourPowersBelow() {
    String html =
        new Chart("T", "x", "y")
            .line("a", new double[] {1, 2, 3}, new double[] {1e-9, 1e-4, 1e-2})
            .yLogarithmic()
            .html();
    assertTrue(html.contains(">1e-06<") && !html.contains(">1e-07<"), html);
    assertTrue(html.contains("a from 1e-09 to 0.01"), html);
  }
}
