package org.ulmfit.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;
import org.ulmfit.io.Safetensors.DType;
import org.ulmfit.io.Safetensors.Entry;

/**
 * Matrices of eight bits a number: a row is its whole numbers from -127 to 127 times a scale of its
 * own, its largest number by 127. NAME is I8 (rows, columns), NAME.scale F32 (rows). For storage
 * alone: whatever reads a file gets float32.
 */
final class Int8 {
  static final String SCALE = ".scale";
  private static final int MOST = 127;

  private Int8() {}

  /**
   * The two tensors of a matrix.
   *
   * @param shape (rows, columns)
   */
  static List<Entry> entries(String name, long[] shape, Supplier<float[]> values) {
    int rows = Math.toIntExact(shape[0]);
    int columns = Math.toIntExact(shape[1]);
    Entry whole =
        new Entry(
            name,
            DType.I8,
            shape,
            () -> {
              float[] from = values.get();
              float[] scales = scales(from, rows, columns);
              ByteBuffer to =
                  ByteBuffer.allocate(Math.multiplyExact(rows, columns))
                      .order(ByteOrder.LITTLE_ENDIAN);
              for (int i = 0; i < from.length; i++) {
                float scale = scales[i / columns];
                to.put((byte) (scale == 0 ? 0 : Math.round(from[i] / scale)));
              }
              return to.flip();
            });
    Entry scale =
        Entry.floats(name + SCALE, new long[] {rows}, () -> scales(values.get(), rows, columns));
    return List.of(whole, scale);
  }

  private static float[] scales(float[] values, int rows, int columns) {
    float[] scales = new float[rows];
    for (int row = 0; row < rows; row++) {
      float most = 0;
      for (int c = 0; c < columns; c++) {
        most = Math.max(most, Math.abs(values[row * columns + c]));
      }
      scales[row] = most / MOST;
    }
    return scales;
  }

  /**
   * Numbers again.
   *
   * @param first index of the first in the matrix
   * @param scales (rows)
   */
  static void widen(
      ByteBuffer from, long first, long columns, float[] scales, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from.get() * scales[(int) ((first + i) / columns)];
    }
  }
}
