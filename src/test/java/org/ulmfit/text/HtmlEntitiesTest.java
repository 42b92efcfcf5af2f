package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are what Python's html.unescape answers. */
class HtmlEntitiesTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "&amp;, &",
        "&amp, &",
        "&ampx, &x",
        "&eacute, é",
        "&Eacute;, É",
        "&notit;, ¬it;",
        "&notin;, ∉",
        "&NotEqualTilde;, ≂̸",
        "&nosuch;, &nosuch;",
        "&, &",
        "&&lt;, &<",
        "&;, &;",
        "&#65;, A",
        "&#65, A",
        "&#x41;b, Ab",
        "&#X41, A",
        "&#x;, &#x;",
        "&#;, &#;",
        "&#0;, \uFFFD",
        "&#xD800;, \uFFFD",
        "&#1114112;, \uFFFD",
        "&#99999999999999999999;, \uFFFD",
        "&#146;, ’",
        "&#x80;, €",
        "&#129;, \u0081",
        "a&#1;b, ab",
        "a&#xFFFF;b, ab",
        "a&#127;b, ab",
        "&#x1F600;, 😀",
        "&#٣;, &#٣;",
        "&amp;lt;, &lt;",
        "&CounterClockwiseContourIntegral;, ∳",
        "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&lt;, &aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa<",
      })
  void unescape(String text, String expected) {
    assertEquals(expected, Edited.text(text, HtmlEntities::unescape));
  }

  @Test
  void controlsThatHtmlAllows() {
    assertEquals("\t\n\f\r", Edited.text("&#9;&#10;&#12;&#13;", HtmlEntities::unescape));
  }
}
