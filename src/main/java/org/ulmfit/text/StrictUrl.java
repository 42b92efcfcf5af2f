package org.ulmfit.text;

/**
 * The address rule of spaCy 3 (url_match): scheme and user optional, a public IPv4 address or host
 * labels with a top-level domain, port and path optional; all of the range.
 *
 * <p>The regex says {@code (scheme://)?(.+@)?(ip|host)(:port)?([/?#].*)?}: a host may begin at the
 * start, behind the scheme or behind any {@code @}. The host's characters hold no {@code @}, so
 * these attempts read disjoint stretches and the whole costs O(n).
 */
final class StrictUrl implements UrlRule {
  private final CharacterClasses classes;
  private char[] text = {};

  StrictUrl(CharacterClasses classes) {
    this.classes = classes;
  }

  @Override
  public void begin(char[] text, int from, int to) {
    this.text = text;
  }

  @Override
  public boolean matches(int from, int to) {
    if (UrlRule.indexOf(text, '.', from, to) == to) {
      return false;
    }
    if (hostAndTail(from, to)) {
      return true;
    }
    int colon = UrlRule.indexOf(text, ':', from, to);
    boolean scheme = colon + 2 < to && text[colon + 1] == '/' && text[colon + 2] == '/';
    if (scheme && isScheme(from, colon) && hostAndTail(colon + 3, to)) {
      return true;
    }
    int at = UrlRule.indexOf(text, '@', from + 1, to);
    while (at < to) {
      if (hostAndTail(at + 1, to)) {
        return true;
      }
      at = UrlRule.indexOf(text, '@', at + 1, to);
    }
    return false;
  }

  /** Two or more word characters, {@code + - .} */
  private boolean isScheme(int from, int to) {
    int count = 0;
    for (int i = from; i < to; count++) {
      int c = Character.codePointAt(text, i, to);
      if (!PythonText.isWord(c) && c != '+' && c != '-' && c != '.') {
        return false;
      }
      i += Character.charCount(c);
    }
    return count >= 2;
  }

  private boolean hostAndTail(int from, int to) {
    int ip = Ipv4.end(text, from, to, false);
    return ip > 0 && tail(ip, to) || host(from, to);
  }

  /** Labels of 1 to 64 characters with a period behind each, 2 to 63 lower-case letters, tail. */
  private boolean host(int from, int to) {
    int labels = 0;
    int i = from;
    while (true) {
      int labelEnd = labelEnd(i, to);
      if (labelEnd > i && labelEnd < to && text[labelEnd] == '.') {
        labels++;
        i = labelEnd + 1;
        continue;
      }
      return labels > 0 && topLevel(i, to);
    }
  }

  /** End of one label: letters, digits, anything from U+00A1, {@code _ -} not at its ends. */
  private int labelEnd(int from, int to) {
    int i = from;
    while (i < to && (isLabelEdge(i) || text[i] == '_' || text[i] == '-')) {
      i++;
    }
    boolean valid = i > from && i - from <= 64 && isLabelEdge(from) && isLabelEdge(i - 1);
    return valid ? i : -1;
  }

  private boolean isLabelEdge(int i) {
    char c = text[i];
    if (c < 128) {
      return (classes.unit(c) & (CharacterClasses.PLAIN | CharacterClasses.DIGIT)) != 0;
    }
    return c >= 0xA1 && !Character.isSurrogate(c);
  }

  private boolean topLevel(int from, int to) {
    int i = from;
    int letters = 0;
    while ((classes.at(text, i, to) & CharacterClasses.LOWER) != 0) {
      i += Character.isHighSurrogate(text[i]) ? 2 : 1;
      letters++;
    }
    return letters >= 2 && letters <= 63 && tail(i, to);
  }

  /** Optional port of 2 to 5 digits, then the end or anything behind {@code / ? #}. */
  private boolean tail(int from, int to) {
    int i = from;
    if (i < to && text[i] == ':') {
      i++;
      int digits = 0;
      while (i < to && Character.isDigit(Character.codePointAt(text, i, to))) {
        i += Character.isHighSurrogate(text[i]) ? 2 : 1;
        digits++;
      }
      if (digits < 2 || digits > 5) {
        return false;
      }
    }
    return i == to || text[i] == '/' || text[i] == '?' || text[i] == '#';
  }
}
