package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules on random text against fastai's regular expressions, run by {@code java.util.regex};
 * and numbers from the scanner against the tokens themselves.
 */
class RuleExpressionsTest {
  private static final int TEXTS = 20_000;
  // Python's \w and \s
  private static final String W = "[\\p{L}\\p{N}_]";
  private static final String S =
      "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
  private static final String[] ATOMS =
      ("a b no No NO so SO it's NASA U.S. Mr. Ab aB A A1 1ST :) ... .. . , !! !!! !!!! ? ' \" - --"
              + " — / // \\ \\n #39; amp; &amp; nbsp; quot; &lt; & <br /> <br/> <BR> < br> < > <unk>"
              + " @.@ @-@ @,@ # 1 22 10% é É ÉCOLE ß Σ ΑΣ İ Ⓐ 𝐀 𝐀B 𐐀 ǅa 中 😀 😀😀😀 ² ½ ٣ _ xxup"
              + " <eos> a.b a-b can't gonna abcdefgh abcdefghi abcdefghijklmnopqrstuvwxyz")
          .split(" ");
  private static final String[] SPACES = {
    " ", " ", " ", " ", "", "", "  ", "\n", "\n\n", " \n ", "\t", "\u00a0", "\u3000", "\u001c"
  };

  private final Random random = new Random(11);

  private String text() {
    StringBuilder out = new StringBuilder();
    String atom = "a";
    for (int n = random.nextInt(12); n >= 0; n--) {
      atom = random.nextInt(4) == 0 ? atom : ATOMS[random.nextInt(ATOMS.length)];
      String space = SPACES[random.nextInt(SPACES.length)];
      int copies = random.nextInt(8) == 0 ? 2 + random.nextInt(5) : 1;
      out.append((atom + space).repeat(copies));
    }
    return out.toString();
  }

  private void equal(Consumer<TextBuffer> rule, String regex, Function<MatchResult, String> by) {
    // Java's look-behind sees whole code points only before a literal beyond the basic plane.
    Pattern pattern = Pattern.compile(regex + "|(?!)\uD83D\uDE00");
    for (int i = 0; i < TEXTS; i++) {
      String text = text();
      StringBuilder expected = new StringBuilder();
      var matcher = pattern.matcher(text);
      while (matcher.find()) {
        matcher.appendReplacement(expected, "");
        expected.append(by.apply(matcher));
      }
      matcher.appendTail(expected);
      assertEquals(expected.toString(), Edited.text(text, rule), () -> "of '" + text + "'");
    }
  }

  private static int pieces(String text) {
    return text.replaceAll("^" + S + "+|" + S + "+$", "").split(S + "+").length;
  }

  @Test
  void repeatedCharacters() {
    for (int least : new int[] {3, 4}) {
      equal(
          t -> Repetition.characters(t, "rep", least),
          "(?!" + S + ")(.)(\\1{" + (least - 1) + ",})",
          m ->
              " rep "
                  + m.group().codePointCount(0, m.group().length())
                      / m.group(1).codePointCount(0, m.group(1).length())
                  + " "
                  + m.group(1)
                  + " ");
    }
  }

  @Test
  void repeatedWords() {
    equal(
        t -> Repetition.words(t, "wrep"),
        "(?<!" + W + ")(" + W + "+[^" + W.substring(1) + "+)(\\1{3,})",
        m -> " wrep " + (pieces(m.group(2)) + 1) + " " + m.group(1) + " ");
  }

  @Test
  void repeatedSpacedWords() {
    equal(
        t -> Repetition.spacedWords(t, "xxwrep"),
        "(?:"
            + S
            + "|\\A)("
            + W
            + "+)"
            + S
            + "+((?:\\1"
            + S
            + "+)+)\\1([^"
            + W.substring(1)
            + "|\\z)",
        m -> " xxwrep " + (pieces(m.group(2)) + 2) + " " + m.group(1) + " " + m.group(3));
  }

  @Test
  void spacesAndTags() {
    equal(
        t -> Spacing.around(t, TextBuffer.SLASH | TextBuffer.HASH),
        "[/#]",
        m -> " " + m.group() + " ");
    equal(Spacing::collapse, " {2,}", m -> " ");
    equal(Spacing::breakTags, "<" + S + "*(?i:br)" + S + "*/?>", m -> "\n");
  }

  @Test
  void capitals() {
    Function<String, Function<MatchResult, String>> by =
        marker -> m -> (m.group().length() > 1 ? marker : "") + lower(m.group());
    equal(
        t -> Capitals.markWords(t, true, false),
        "(?<=" + S + "|\\A)[A-Z]+(?:(?!" + S + ")[^a-z])*(?=" + S + "|\\z)",
        by.apply("xxup "));
    equal(
        t -> Capitals.markWords(t, false, true),
        "(?<=" + S + "|\\A)[A-Z](?:(?!" + S + ")[^A-Z])*(?=" + S + "|\\z)",
        by.apply("xxmaj "));
  }

  @Test
  void bothCapitalRulesAtOnce() {
    for (int i = 0; i < TEXTS; i++) {
      String text = text();
      String upper = Edited.text(text, t -> Capitals.markWords(t, true, false));
      assertEquals(
          Edited.text(upper, t -> Capitals.markWords(t, false, true)),
          Edited.text(text, t -> Capitals.markWords(t, true, true)));
    }
  }

  private static String lower(String text) {
    // Java finds other word ends before a sigma; PythonTextTest has what CPython answers.
    return Edited.text(text, t -> PythonText.lower(t, 0, t.length()));
  }

  /** Known tokens have no string made of them; the outcome is that of a pipeline that sees them. */
  @ParameterizedTest
  @EnumSource(Rules.class)
  void numbersAreThoseOfTheTokens(Rules rules) {
    for (TokenizerSpec.Word word : TokenizerSpec.Word.values()) {
      TokenNumbers numbers = new TokenNumbers();
      TextPipeline used = TextPipeline.of(rules, word);
      for (int i = 0; i < TEXTS / 10; i++) {
        List<String> fields = List.of(text());
        List<String> tokens = new ArrayList<>();
        for (int number : used.documentNumbers(fields, numbers)) {
          tokens.add(numbers.token(number));
        }
        assertEquals(used.documentTokens(fields), tokens);
        if (i % 100 == 0) { // nothing kept from earlier texts
          assertEquals(TextPipeline.of(rules, word).documentTokens(fields), tokens);
        }
      }
      assertEquals(numbers.size(), distinct(numbers));
    }
  }

  private static long distinct(TokenNumbers numbers) {
    return java.util.stream.IntStream.range(0, numbers.size())
        .mapToObj(numbers::token)
        .distinct()
        .count();
  }
}
