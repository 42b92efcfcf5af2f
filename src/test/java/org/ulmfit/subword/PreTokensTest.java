package org.ulmfit.subword;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreTokensTest {
  private static final List<String> SPECIALS = List.of("xxbos", "xxmaj");

  private static String counted(WordCounts counts) {
    TreeMap<String, Long> words = new TreeMap<>();
    for (int word : counts.order()) {
      int start = counts.start(word);
      words.put(
          new String(counts.pool(), start, counts.start(word + 1) - start), counts.count(word));
    }
    return words.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  private static PreTokens read(String text, int longest) {
    PreTokens words = new PreTokens(SPECIALS, longest, new WordCounts());
    words.read(text.toCharArray(), text.length());
    return words;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          a b a|▁a=2 ▁b=1
          a  b |▁=2 ▁a=1 ▁b=1
          a▁b|▁a=1 ▁b=1
          xxbos a xxmaj b|▁a=1 ▁b=1
          a⏎ xxmaj b|▁a=1 ▁b=1
          axxmaj xxmajor|j=1 or=1 ▁axxma=1 ▁xxmaj=1
          (xxmaj)|▁(=1 ▁)=1
          abcdef|f=1 ▁abcde=1
          abcde|▁abcde=1
          abcdefghijklm|fghijk=1 lm=1 ▁abcde=1
          😀😀😀😀😀😀😀 a|▁a=1 ▁😀😀😀😀😀=1 😀😀=1
          """)
  void wordsOfAText(String text, String expected) {
    assertEquals(expected, counted(read(text.replace('⏎', '\n'), 6).counts()).replace("\n", "⏎"));
  }

  @ParameterizedTest
  @CsvSource({"a abcde, 0", "abcdef, 1", "abcdefghijklm abcdefg, 3"})
  void cutsAreCounted(String text, int cuts) {
    assertEquals(cuts, read(text, 6).cuts());
  }

  /** Many words, so that the table grows, added up in two ways. */
  @Test
  void countsAddUp() {
    Random random = new Random(1);
    StringBuilder all = new StringBuilder();
    WordCounts sum = new WordCounts();
    for (int part = 0; part < 3; part++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 20_000; i++) {
        text.append((char) ('a' + random.nextInt(20))).append(random.nextInt(4_000)).append(' ');
      }
      sum.add(read(text.toString().strip(), 64).counts());
      all.append(text);
    }
    assertEquals(counted(read(all.toString().strip(), 64).counts()), counted(sum));
  }
}
