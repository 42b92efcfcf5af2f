package org.ulmfit.text;

import org.jspecify.annotations.Nullable;

/** To which Unicode normal form texts are brought before the rules. */
public enum Normalise {
  /** Texts stay as they are. */
  NONE(null),
  /** Letters and marks composed. */
  NFC(java.text.Normalizer.Form.NFC),
  /** The same, and compatibility characters (full width, ligatures) replaced. */
  NFKC(java.text.Normalizer.Form.NFKC);

  private final @Nullable NormalForm form;

  Normalise(java.text.Normalizer.@Nullable Form form) {
    this.form = form == null ? null : new NormalForm(form);
  }

  void apply(TextBuffer text) {
    if (form != null) {
      form.apply(text);
    }
  }
}
