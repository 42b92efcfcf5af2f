package org.ulmfit.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OtherLoadTest {

  private static OtherLoad.Reading reading(String line, double ownSeconds) {
    return OtherLoad.parse(line, Math.round(ownSeconds * 1e9)).orElseThrow();
  }

  /** Ten seconds of two cores: 12 core seconds busy, 9 of them ours. */
  @Test
  void ownWorkIsNotOthers() {
    OtherLoad.Reading a = reading("cpu  100 10 50 1000 40 0 5 5 7 0", 1);
    OtherLoad.Reading b = reading("cpu  1100 60 150 1750 90 10 15 35 9 0", 10);
    assertEquals(new OtherLoad.Reading(170, 1210, 1_000_000_000L), a);
    assertEquals(0.3, OtherLoad.between(a, b, 2).orElseThrow(), 1e-9);
    OtherLoad.Reading ours = reading("cpu  1100 60 150 1750 90 10 15 35 9 0", 14);
    assertEquals(0, OtherLoad.between(a, ours, 2).orElseThrow(), 1e-9);
  }

  @Test
  void aMomentTellsNothing() {
    OtherLoad.Reading a = reading("cpu  100 10 50 1000 40 0 5 5 7 0", 1);
    OtherLoad.Reading b = reading("cpu  110 10 50 1020 40 0 5 5 7 0", 1);
    assertEquals(Optional.empty(), OtherLoad.between(a, b, 2));
    assertEquals(Optional.empty(), OtherLoad.parse("intr 1 2 3", 0));
    assertEquals(Optional.empty(), OtherLoad.parse("cpu 1 2", 0));
  }

  @Test
  void theWarningSaysWhatItCosts() {
    assertEquals(
        "the machine is busy: other processes use 0.5 of 2 cores; training may take 1.5 times as"
            + " long",
        OtherLoad.warning(.5, 2));
    assertTrue(OtherLoad.warning(1, 2).contains("2.0 times"));
    assertTrue(OtherLoad.warning(6, 4).contains("2.5 times"));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/stat")
  void seesAThreadOfItsOwnAsItsOwn() {
    OtherLoad load = OtherLoad.watch();
    long end = System.nanoTime() + 400_000_000L;
    double work = 0;
    while (System.nanoTime() < end) {
      work += Math.sqrt(work + 1);
    }
    double cores = load.cores().orElseThrow();
    int processors = Runtime.getRuntime().availableProcessors();
    assertTrue(work > 0 && cores >= 0 && cores <= processors + .5, "cores of others: " + cores);
  }
}
