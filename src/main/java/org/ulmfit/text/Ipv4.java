package org.ulmfit.text;

/**
 * The IPv4 part of spaCy's address rules: four numbers, first and last neither 0 nor beyond their
 * class, private networks excluded. A number may hold non-ASCII digits where a regex says {@code
 * \d}.
 */
final class Ipv4 {
  private Ipv4() {}

  /**
   * End of an address that starts here, or -1.
   *
   * @param shortest stop behind the first digit of the last number, as a search for any prefix does
   */
  static int end(char[] text, int from, int to, boolean shortest) {
    if (from >= to || text[from] < '1' || text[from] > '9') {
      return -1;
    }
    int[] start = new int[4];
    int[] end = new int[4];
    int i = from;
    for (int part = 0; part < 4; part++) {
      start[part] = i;
      end[part] = digitsEnd(text, i, to);
      if (part == 3) {
        break;
      }
      i = end[part];
      if (i >= to || text[i] != '.') {
        return -1;
      }
      i++;
    }
    boolean valid =
        first(text, start[0], end[0])
            && middle(text, start[1], end[1])
            && middle(text, start[2], end[2])
            && !isPrivate(text, start, end);
    if (!valid) {
      return -1;
    }
    if (shortest) {
      return i < to && text[i] >= '1' && text[i] <= '9' ? i + 1 : -1;
    }
    return last(text, start[3], end[3]) ? end[3] : -1;
  }

  /** End of up to four digits: more than three is refused by the callers. */
  private static int digitsEnd(char[] text, int from, int to) {
    int i = from;
    for (int n = 0; n < 4 && i < to; n++) {
      int c = Character.codePointAt(text, i, to);
      if (!Character.isDigit(c)) {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  private static int count(char[] text, int from, int to) {
    return Character.codePointCount(text, from, to - from);
  }

  private static boolean in(char[] text, int i, char low, char high) {
    return text[i] >= low && text[i] <= high;
  }

  // [1-9]\d? | 1\d\d | 2[01]\d | 22[0-3]
  private static boolean first(char[] text, int from, int to) {
    int n = count(text, from, to);
    if (n == 1 || n == 2) {
      return in(text, from, '1', '9');
    }
    return n == 3
        && (text[from] == '1'
            || text[from] == '2'
                && (in(text, from + 1, '0', '1')
                    || text[from + 1] == '2' && in(text, from + 2, '0', '3')));
  }

  // 1?\d{1,2} | 2[0-4]\d | 25[0-5]
  private static boolean middle(char[] text, int from, int to) {
    int n = count(text, from, to);
    return n == 1 || n == 2 || n == 3 && threeDigits(text, from, '5');
  }

  // [1-9]\d? | 1\d\d | 2[0-4]\d | 25[0-4]
  private static boolean last(char[] text, int from, int to) {
    int n = count(text, from, to);
    if (n == 1 || n == 2) {
      return in(text, from, '1', '9');
    }
    return n == 3 && threeDigits(text, from, '4');
  }

  private static boolean threeDigits(char[] text, int from, char top) {
    return text[from] == '1'
        || text[from] == '2'
            && (in(text, from + 1, '0', '4')
                || text[from + 1] == '5' && in(text, from + 2, '0', top));
  }

  // 10.* 127.* 169.254.* 192.168.* 172.16.* to 172.31.*
  private static boolean isPrivate(char[] text, int[] start, int[] end) {
    String a = new String(text, start[0], end[0] - start[0]);
    String b = new String(text, start[1], end[1] - start[1]);
    return switch (a) {
      case "10", "127" -> true;
      case "169" -> b.equals("254");
      case "192" -> b.equals("168");
      case "172" -> isPrivate172(b);
      default -> false;
    };
  }

  // 1[6-9] | 2\d | 3[01], b being digits
  private static boolean isPrivate172(String b) {
    if (b.codePointCount(0, b.length()) != 2) {
      return false;
    }
    char second = b.charAt(1);
    return switch (b.charAt(0)) {
      case '1' -> second >= '6' && second <= '9';
      case '2' -> true;
      case '3' -> second == '0' || second == '1';
      default -> false;
    };
  }
}
