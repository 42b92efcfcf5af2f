package org.ulmfit.io;

/** The two floating-point formats of 16 bits, which Java 17 does not know. */
public final class HalfFloats {

  private HalfFloats() {}

  /** The upper half of a float32. */
  public static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
  public static float float16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    return Float.intBitsToFloat(sign | (exponent + 127 - 15) << 23 | fraction << 13);
  }

  /** The nearest binary16, of two the even one; from 65,520 on that is infinity. */
  public static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float size = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (size >= 0x1.ffep15f) {
      return (short) (sign | 0x7c00);
    }
    if (size < 0x1p-14f) { // subnormal: steps of 2^-24, which float32 rounds to when 0.5 is added
      int steps = Float.floatToRawIntBits(size + 0.5f) - Float.floatToRawIntBits(0.5f);
      return (short) (sign | steps);
    }
    int kept = (bits & 0x7fffffff) + 0xfff + (bits >>> 13 & 1); // round half to even
    return (short) (sign | ((kept >>> 13) - ((127 - 15) << 10)));
  }
}
