package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What tokens stand for, in any text. */
class TokenOffsetsPropertyTest {
  private static final String[] WORDS =
      ("a b no No NO so SO it's NASA U.S. Mr. Ab aB A A1 1ST :) .. . , !! !!! !!!! ? ' \" - -- — //"
              + " // / # 1 22 10% é É ÉCOLE ß Σ ΑΣ İ İİİ Ⓐ 𝐀 𝐀B 𐐀 ǅa 中 😀 😀😀😀 ² ½ ٣ _ xxup a.b a-b"
              + " can't gonna abcdefgh abcdefghi abcdefghijklmnopqrstuvwxyz a@b.com http://a.b/c")
          .split(" ");
  private static final String[] MARKUP =
      ("#39; amp; &amp; &amp;amp; nbsp; quot; &lt; &#1; &#233; &eacute &CounterClockwiseContourIntegral;"
              + " & <br /> <br/> <BR> < br> < > <unk> @.@ @-@ @,@ ... \\ \\n \\\" xxbos xbos xxfld 1 <eos>")
          .split(" ");
  private static final String[] SPACES = {" ", " ", " ", "", "  ", "\n", " \n ", "\t", "\u00a0"};

  private static final List<TextPipeline> WORD_PIPELINES =
      Stream.of(Rules.values())
          .flatMap(
              rules ->
                  Stream.of("spacy-2.0", "spacy-3", "icu", "chars")
                      .map(name -> TextPipeline.of(rules, TokenizerSpec.parse(name))))
          .toList();

  private static final List<TextPipeline> NORMALISING =
      Stream.of(Normalise.NFC, Normalise.NFKC)
          .flatMap(form -> Stream.of(Rules.values()).map(rules -> normalising(rules, form)))
          .toList();

  private static TextPipeline normalising(Rules rules, Normalise form) {
    TokenizerSpec icu = new TokenizerSpec.Icu(null);
    return TextPipeline.of(rules, icu, FieldMarks.AUTO, FieldNumbers.LESSON, form);
  }

  private static final List<TextPipeline> PIPELINES =
      Stream.concat(
              Stream.concat(WORD_PIPELINES.stream(), NORMALISING.stream()),
              Stream.of(Rules.values())
                  .flatMap(
                      rules ->
                          Stream.of("tokenizer.json", "unigram.json")
                              .map(name -> TextPipeline.of(rules, subword(name)))))
          .toList();

  private static TokenizerSpec subword(String name) {
    try {
      return new TokenizerSpec.Subword(
          Path.of(TokenOffsetsPropertyTest.class.getResource("/subword/" + name).toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Arbitrary<String> texts(String[] atoms) {
    Arbitrary<String> space = Arbitraries.of(SPACES);
    Arbitrary<Integer> copies =
        Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(1, 3), Tuple.of(1, 5));
    return Combinators.combine(Arbitraries.of(atoms), space, copies)
        .as((a, s, n) -> (a + s).repeat(n))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  /** Words and markup, or any characters at all, halves of surrogate pairs among them. */
  @Provide
  Arbitrary<List<String>> rows() {
    String[] atoms = Stream.concat(Stream.of(WORDS), Stream.of(MARKUP)).toArray(String[]::new);
    return Arbitraries.oneOf(
            texts(atoms), texts(MARKUP), Arbitraries.strings().all().ofMaxLength(40))
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property(tries = 2000)
  void offsetsLieInTheirFieldAndGoForward(@ForAll("rows") List<String> fields) {
    for (TextPipeline pipeline : PIPELINES) {
      List<LocatedToken> tokens = pipeline.locatedTokens(fields);
      assertEquals(
          pipeline.documentTokens(fields), tokens.stream().map(LocatedToken::text).toList());
      int field = 0;
      int start = 0;
      for (LocatedToken token : tokens) {
        assertTrue(token.field() >= field && token.field() < fields.size(), token::toString);
        start = token.field() > field ? 0 : start;
        field = token.field();
        assertTrue(token.start() >= start, () -> token + " in " + tokens);
        assertTrue(token.end() >= token.start(), token::toString);
        assertTrue(token.end() <= fields.get(field).length(), token::toString);
        start = token.start();
      }
    }
  }

  @Provide
  Arbitrary<String> words() {
    return texts(WORDS);
  }

  /** No character is lost on the way, however often the rules move it. */
  @Property(tries = 1000)
  void everyCharacterOfAWordIsStoodFor(@ForAll("words") String text) {
    for (TextPipeline pipeline : WORD_PIPELINES) {
      boolean[] covered = new boolean[text.length()];
      List<LocatedToken> tokens = pipeline.locatedTokens(List.of(text));
      for (LocatedToken token : tokens) {
        Arrays.fill(covered, token.start(), token.end(), true);
      }
      for (int i = 0; i < covered.length; i++) {
        int at = i;
        assertTrue(
            covered[i] || PythonText.isSpace(text.charAt(i)),
            () -> pipeline.rules() + ": " + at + " of '" + text + "' in " + tokens);
      }
    }
  }

  @Provide
  Arbitrary<List<String>> plainRows() {
    return Arbitraries.of("film", "Good", "BAD", "école", "it's", "don't", "(x)", "end.", "2nd")
        .list()
        .uniqueElements()
        .map(words -> String.join(" ", words))
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property(tries = 500)
  void whatNoRuleTouchesStandsForItself(@ForAll("plainRows") List<String> fields) {
    for (TextPipeline pipeline : WORD_PIPELINES) {
      for (LocatedToken token : pipeline.locatedTokens(fields)) {
        String original = fields.get(token.field()).substring(token.start(), token.end());
        if (!original.isEmpty()) {
          boolean cased = pipeline.rules() == Rules.NONE;
          String text = token.text().replace('\u2581', ' '); // a blank of fastai 2
          assertEquals(text, cased ? original : original.toLowerCase(Locale.ROOT));
        } else {
          String text = token.text().replace('\u2581', ' ');
          boolean mark = pipeline.rules().isMark(text) || text.isBlank();
          assertTrue(mark || token.text().matches("[123]"), token::toString);
        }
      }
    }
  }
}
