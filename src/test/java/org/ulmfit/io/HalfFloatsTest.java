package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {

  @Test
  void everyHalfSurvivesTheWayThroughFloat32() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfFloats.float16((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, HalfFloats.toFloat16(value), "bits " + bits);
      } else {
        assertTrue(Float.isNaN(HalfFloats.float16(HalfFloats.toFloat16(value))), "bits " + bits);
      }
    }
  }

  /** Against a search of the neighbours; halfway between two the even one. */
  @Test
  void roundsToTheNearest() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = HalfFloats.float16((short) bits);
      float high = HalfFloats.float16((short) (bits + 1));
      float middle = (low + high) / 2;
      assertEquals(bits + (bits & 1), HalfFloats.toFloat16(middle), "middle above " + low);
      assertEquals(bits, HalfFloats.toFloat16(Math.nextDown(middle)), "below " + middle);
      assertEquals(bits + 1, HalfFloats.toFloat16(Math.nextUp(middle)), "above " + middle);
    }
  }

  @Test
  void signsZerosAndInfinities() {
    assertEquals((short) 0x8000, HalfFloats.toFloat16(-0f));
    assertEquals((short) 0x7c00, HalfFloats.toFloat16(65_520f));
    assertEquals((short) 0x7bff, HalfFloats.toFloat16(65_519f));
    assertEquals((short) 0xfc00, HalfFloats.toFloat16(Float.NEGATIVE_INFINITY));
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 26));
      assertEquals(
          HalfFloats.toFloat16(value) ^ (short) 0x8000, HalfFloats.toFloat16(-value), "" + value);
    }
  }
}
