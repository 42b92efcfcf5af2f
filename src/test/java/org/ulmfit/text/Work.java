package org.ulmfit.text;

import java.util.Arrays;

/**
 * What {@link CountedClasses} count: a method entered, a loop gone round once more, a character
 * copied or compared. The same on every machine, however fast or busy it is; one thread at a time.
 */
public final class Work {
  private static long done;

  private Work() {}

  static long done() {
    return done;
  }

  public static void one() {
    done++;
  }

  // What Java's own methods do at once stands here under the name and arguments of theirs.

  public static void arraycopy(Object from, int at, Object to, int start, int length) {
    done += length;
    System.arraycopy(from, at, to, start, length);
  }

  public static char[] copyOf(char[] of, int length) {
    done += length;
    return Arrays.copyOf(of, length);
  }

  public static int[] copyOf(int[] of, int length) {
    done += length;
    return Arrays.copyOf(of, length);
  }

  public static long[] copyOf(long[] of, int length) {
    done += length;
    return Arrays.copyOf(of, length);
  }

  public static char[] copyOfRange(char[] of, int from, int to) {
    done += to - from;
    return Arrays.copyOfRange(of, from, to);
  }

  public static boolean equals(char[] a, int aFrom, int aTo, char[] b, int bFrom, int bTo) {
    done += aTo - aFrom;
    return Arrays.equals(a, aFrom, aTo, b, bFrom, bTo);
  }

  public static void fill(int[] of, int from, int to, int with) {
    done += to - from;
    Arrays.fill(of, from, to, with);
  }

  public static void fill(boolean[] of, int from, int to, boolean with) {
    done += to - from;
    Arrays.fill(of, from, to, with);
  }

  public static int codePointCount(char[] of, int from, int count) {
    done += count;
    return Character.codePointCount(of, from, count);
  }

  public static void getChars(String of, int from, int to, char[] into, int at) {
    done += to - from;
    of.getChars(from, to, into, at);
  }

  public static int indexOf(String in, int c) {
    int at = in.indexOf(c);
    done += at < 0 ? in.length() : at;
    return at;
  }

  public static boolean equals(String a, Object b) {
    done += a.length();
    return a.equals(b);
  }
}
