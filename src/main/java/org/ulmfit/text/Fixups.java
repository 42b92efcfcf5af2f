package org.ulmfit.text;

/**
 * The literal replacements that mend what HTML and earlier tokenizers left in a corpus, in order,
 * then the HTML references. So an ampersand's reference becomes {@code &&}: kept, the vocabularies
 * have it.
 */
final class Fixups {
  // fastai 0.7 imdb_scripts/create_toks.py fixup
  private static final Literal[] COMMON = {
    new Literal("#39;", ';', "'"),
    new Literal("amp;", ';', "&"),
    new Literal("#146;", ';', "'"),
    new Literal("nbsp;", ';', " "),
    new Literal("#36;", ';', "$"),
    new Literal("\\n", '\\', "\n"),
    new Literal("quot;", ';', "'"),
    new Literal("<br />", '<', "\n"),
    new Literal("\\\"", '\\', "\""),
  };
  private static final Literal UNKNOWN_07 = new Literal("<unk>", '<', "u_n");
  private static final Literal UNKNOWN = new Literal("<unk>", '<', "xxunk");
  private static final Literal POINT = new Literal(" @.@ ", '@', ".");
  private static final Literal DASH = new Literal(" @-@ ", '@', "-");
  private static final Literal COMMA = new Literal(" @,@ ", '@', ",");
  private static final Literal ELLIPSIS = new Literal("...", '.', " \u2026");

  private Fixups() {}

  /** A string to be replaced, and the rarest of its characters, by which it is found. */
  private record Literal(char[] find, char rare, int rareAt, int kind, String by) {
    Literal(String find, char rare, String by) {
      this(find.toCharArray(), rare, find.indexOf(rare), kind(rare), by);
    }

    private static int kind(char rare) {
      return switch (rare) {
        case ';' -> TextBuffer.SEMICOLON;
        case '\\' -> TextBuffer.BACKSLASH;
        case '<' -> TextBuffer.LESS;
        case '@' -> TextBuffer.AT;
        case '.' -> TextBuffer.RUN;
        default -> throw new IllegalArgumentException("no kind of character: " + rare);
      };
    }

    /** Python {@code str.replace}. */
    void replaceIn(TextBuffer text) {
      if (!text.holds(kind)) {
        return;
      }
      char[] chars = text.chars();
      int last = text.length() - find.length;
      int i = 0;
      while (i <= last) {
        if (chars[i + rareAt] != rare || !isAt(chars, i)) {
          i++;
          continue;
        }
        text.keepTo(i);
        text.add(by);
        i += find.length;
        text.skipTo(i);
      }
      text.end();
    }

    private boolean isAt(char[] chars, int i) {
      for (int j = 0; j < find.length; j++) {
        if (chars[i + j] != find[j]) {
          return false;
        }
      }
      return true;
    }
  }

  /** fastai 0.7 fixup */
  static void fastai07(TextBuffer text) {
    replace(text, COMMON);
    replace(text, UNKNOWN_07, POINT, DASH);
    Spacing.around(text, TextBuffer.BACKSLASH);
    HtmlEntities.unescape(text);
    Spacing.collapse(text);
  }

  /** fastai 1 fix_html */
  static void fastai1(TextBuffer text) {
    replace(text, COMMON);
    replace(text, UNKNOWN, POINT, DASH, COMMA);
    Spacing.around(text, TextBuffer.BACKSLASH);
    HtmlEntities.unescape(text);
    Spacing.collapse(text);
  }

  /** fastai 2 fix_html */
  static void fastai2(TextBuffer text) {
    replace(text, COMMON);
    replace(text, UNKNOWN, POINT, DASH, ELLIPSIS);
    HtmlEntities.unescape(text);
  }

  private static void replace(TextBuffer text, Literal... literals) {
    for (Literal literal : literals) {
      literal.replaceIn(text);
    }
  }
}
