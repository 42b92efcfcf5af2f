package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShownTest {
  static List<Arguments> names() {
    return List.of(
        Arguments.of("pos", "pos"),
        Arguments.of("two\nlines", "two\\nlines"),
        Arguments.of("a\r\nb\tc", "a\\r\\nb\\tc"),
        Arguments.of("\u001b[31mred", "\\u001b[31mred"),
        Arguments.of("nul\0", "nul\\u0000"),
        Arguments.of("next\u0085line", "next\\u0085line"),
        Arguments.of("ls\u2028ps\u2029", "ls\\u2028ps\\u2029"),
        Arguments.of("no\u00a0break", "no\\u00a0break"),
        Arguments.of("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        Arguments.of("\u202egnp.exe", "\\u202egnp.exe"),
        Arguments.of("half \ud83d", "half \\ud83d"),
        Arguments.of("a|b", "a|b"),
        Arguments.of("<script>", "<script>"),
        Arguments.of("C:\\new", "C:\\new"),
        Arguments.of("日本語　です", "日本語　です"),
        Arguments.of("👩\u200d🔬", "👩\u200d🔬"),
        Arguments.of("می\u200cخواهم", "\u200eمی\u200cخواهم\u200e"),
        Arguments.of("שלום", "\u200eשלום\u200e"),
        Arguments.of("x".repeat(40), "x".repeat(40)),
        Arguments.of("x".repeat(41), "x".repeat(39) + "…"),
        Arguments.of("好".repeat(21), "好".repeat(19) + "…"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aNameIsOneLineThatCanBeSeen(String name, String shown) {
    assertEquals(shown, Shown.name(name));
    assertTrue(Shown.width(shown) <= Shown.WIDEST);
    assertEquals(1, shown.lines().count());
  }

  @Test
  void columnsOfATerminal() {
    assertEquals(4, Shown.width("good"));
    assertEquals(6, Shown.width("日本語"));
    assertEquals(4, Shown.width("한국"));
    assertEquals(2, Shown.width("👍"));
    assertEquals(1, Shown.width("e\u0301"));
    assertEquals(4, Shown.width("\u200eשלום\u200e"));
  }

  @Test
  void namesThatAreTheSameUpToTheCutStayDifferent() {
    List<String> names =
        IntStream.range(0, 12).mapToObj(i -> "Category > Sub ".repeat(5) + i).toList();
    List<String> shown = Shown.names(names);
    assertEquals(12, new HashSet<>(shown).size());
    assertTrue(shown.get(11).endsWith("… #12"), shown.get(11));
    shown.forEach(name -> assertEquals(Shown.WIDEST, Shown.width(name)));
    assertEquals(List.of("a", "b"), Shown.names(List.of("a", "b")));
    List<String> same = Shown.names(List.of("a\nb", "a\\nb"));
    assertEquals(List.of("a\\nb #1", "a\\nb #2"), same);
  }

  @Test
  void aListIsCutAndItsCommasAreParted() {
    assertEquals("a, b", Shown.list(List.of("a", "b"), 5));
    assertEquals("a, b and 1,998 more", Shown.list(numbered(), 2));
    assertEquals("\"a, b\", \" \", \"\", c\\nd", Shown.list(List.of("a, b", " ", "", "c\nd"), 9));
  }

  private static List<String> numbered() {
    return IntStream.range(0, 2000).mapToObj(i -> Character.toString('a' + i % 26)).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "plain plain",
        "very_good very_good",
        "_good_ \\_good\\_",
        "a|b a\\|b",
        "<b> \\<b\\>",
        "*x* \\*x\\*",
        "[x](y) \\[x\\](y)",
        "R&D R&D",
        "&lt; \\&lt;",
        "C:\\x C:\\\\x"
      })
  void nothingOfANameIsMarkdown(String name, String markdown) {
    assertEquals(markdown, Shown.markdown(name));
  }

  @Test
  void ofALongRowsNameTheEndIsShown() {
    String file = "/a/folder/of/a/very/long/name/in/another/reviews.csv:120";
    assertEquals("reviews.csv:120", Shown.row(file));
    assertEquals("test/neg/12_3.txt", Shown.row("test/neg/12_3.txt"));
    assertEquals("\u2026" + "x".repeat(39), Shown.row("x".repeat(50)));
    assertEquals(
        "\u2026" + "12345/", Shown.row("https://shop.example/reviews/2024/section/12345/"));
  }
}
