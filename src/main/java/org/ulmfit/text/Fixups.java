package org.ulmfit.text;

/**
 * The literal replacements that mend what HTML and earlier tokenizers left in a corpus, in order,
 * then the HTML references. So {@code &amp;} becomes {@code &&}: kept, the vocabularies have it.
 */
final class Fixups {
  // fastai 0.7 imdb_scripts/create_toks.py fixup
  private static final String[] COMMON = {
    "#39;", "'",
    "amp;", "&",
    "#146;", "'",
    "nbsp;", " ",
    "#36;", "$",
    "\\n", "\n",
    "quot;", "'",
    "<br />", "\n",
    "\\\"", "\"",
  };
  private static final String[] POINT_AND_DASH = {" @.@ ", ".", " @-@ ", "-"};

  private Fixups() {}

  /** fastai 0.7 fixup */
  static String fastai07(String text) {
    String out = replace(text, COMMON);
    out = replace(out, "<unk>", "u_n");
    out = replace(out, POINT_AND_DASH);
    out = replace(out, "\\", " \\ ");
    return Spacing.collapse(HtmlEntities.unescape(out));
  }

  /** fastai 1 fix_html */
  static String fastai1(String text) {
    String out = replace(text, COMMON);
    out = replace(out, "<unk>", "xxunk");
    out = replace(out, POINT_AND_DASH);
    out = replace(out, " @,@ ", ",", "\\", " \\ ");
    return Spacing.collapse(HtmlEntities.unescape(out));
  }

  /** fastai 2 fix_html */
  static String fastai2(String text) {
    String out = replace(text, COMMON);
    out = replace(out, "<unk>", "xxunk");
    out = replace(out, POINT_AND_DASH);
    out = replace(out, "...", " \u2026");
    return HtmlEntities.unescape(out);
  }

  private static String replace(String text, String... pairs) {
    String out = text;
    for (int i = 0; i < pairs.length; i += 2) {
      out = out.replace(pairs[i], pairs[i + 1]);
    }
    return out;
  }
}
