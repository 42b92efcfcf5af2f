package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.Token;

class WordsTest {
  private static Token token(String text, int start, int end) {
    return new Token(text, 0, 0, start, end);
  }

  private static List<String> texts(Words words) {
    return words.ranges().stream().map(words::text).toList();
  }

  @Test
  void marksOfCapitalsBelongToTheirWordAndBeginningsToNone() {
    List<Token> tokens =
        List.of(
            token("xxbos", 0, 0),
            token("xxmaj", 0, 0),
            token("good", 0, 4),
            token("xxrep", 4, 8),
            token("4", 4, 8),
            token("!", 4, 8),
            token("xxup", 9, 9),
            token("no", 9, 11));
    Words words = new Words(List.of("Good!!!! NO"), tokens, false);
    assertEquals(List.of("Good", "!!!!", "NO"), texts(words));
    assertArrayEquals(new int[] {-1, 0, 0, 1, 1, 1, 2, 2}, words.of(tokens, Rules.FASTAI_2));
  }

  @Test
  void columnsHaveMarksThatStandForNoWord() {
    List<Token> tokens =
        List.of(
            token("xxfld", 0, 0),
            token("1", 0, 0),
            token("a", 0, 1),
            new Token("xxfld", 0, 1, 0, 0),
            new Token("2", 0, 1, 0, 0),
            new Token("2", 0, 1, 0, 1));
    Words words = new Words(List.of("a", "2"), tokens, false);
    assertEquals(List.of("a", "2"), texts(words));
    assertArrayEquals(new int[] {-1, -1, 0, -1, -1, 1}, words.of(tokens, Rules.FASTAI_2));
  }

  @Test
  void piecesOfAWordAreJoinedButNotWordsOfScriptsWithoutSpaces() {
    List<Token> tokens =
        List.of(
            token("\u2581un", 0, 2),
            token("believ", 2, 8),
            token("able", 8, 12),
            token("!", 12, 13),
            token("\u2581so", 13, 16));
    Words words = new Words(List.of("unbelievable! so"), tokens, true);
    assertEquals(List.of("unbelievable", "!", "so"), texts(words));
    assertArrayEquals(new int[] {0, 0, 0, 1, 2}, words.of(tokens, Rules.FASTAI_2));

    List<Token> chinese = List.of(token("好", 0, 1), token("吃", 1, 2), token("ab", 2, 4));
    assertEquals(List.of("好", "吃", "ab"), texts(new Words(List.of("好吃ab"), chinese, true)));
  }

  @Test
  void tokensOfAnotherTokenizerGoWhereTheyHaveMost() {
    Words words =
        new Words(
            List.of("can't stop"),
            List.of(token("ca", 0, 2), token("n't", 2, 5), token("stop", 6, 10)),
            false);
    List<Token> others =
        List.of(token("c", 0, 1), token("an'", 1, 4), token("t st", 4, 8), token("op", 8, 10));
    assertArrayEquals(new int[] {0, 1, 2, 2}, words.of(others, Rules.NONE));
  }
}
