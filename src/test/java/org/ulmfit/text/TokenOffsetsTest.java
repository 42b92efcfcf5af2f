package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What tokens stand for in the original text. {@code great@6=GREAT}: the token {@code great} stands
 * for the characters {@code GREAT} at offset 6; {@code xxup@6}: for none, at 6. A blank is written
 * {@code ␣}, a newline {@code ⏎}.
 */
class TokenOffsetsTest {
  private static final String SUBWORD = "/subword/tokenizer.json";
  private static final String UNIGRAM = "/subword/unigram.json";

  private static String visible(String text) {
    return text.replace(' ', '␣').replace('\n', '⏎');
  }

  private static String located(TextPipeline pipeline, List<String> fields) {
    return pipeline.locatedTokens(fields).stream()
        .map(
            token -> {
              String original = fields.get(token.field()).substring(token.start(), token.end());
              return token.text()
                  + (fields.size() > 1 ? "@" + token.field() + ":" : "@")
                  + token.start()
                  + (original.isEmpty() ? "" : "=" + original);
            })
        .map(TokenOffsetsTest::visible)
        .collect(Collectors.joining(" "));
  }

  private static TextPipeline pipeline(String rules, String tokenizer) throws Exception {
    String spec =
        tokenizer.startsWith("/")
            ? Path.of(TokenOffsetsTest.class.getResource(tokenizer).toURI()).toString()
            : tokenizer;
    return TextPipeline.of(Rules.of(rules), TokenizerSpec.parse(spec));
  }

  /** Without what stands before every text. */
  private static void check(String rules, String text, String expected) throws Exception {
    String start =
        switch (rules) {
          case "fastai-0.7" -> "⏎@0 xbos@0 xfld@0 1@0 ";
          case "none" -> "";
          default -> "xxbos@0 ";
        };
    String original = text.replace("⏎", "\n");
    for (String word : List.of("spacy-2.0", "spacy-3")) {
      try (TextPipeline pipeline = pipeline(rules, word)) {
        assertEquals(start + expected, located(pipeline, List.of(original)), word);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          it#39;s quot;so#146; #36;5 | it@0=it 's@2=#39;s '@8=quot; so@13=so '@15=#146; $@21=#36; 5@25=5
          a&amp;b a &amp;amp; b | a&&b@0=a&amp;b a@8=a &@10=& &@11=amp; &@15=amp; b@20=b
          a nbsp; b&nbsp;c | a@0=a b@8=b &@9=& c@15=c
          a\\nb a\\"b c\\d | a@0=a ⏎@1=\\n b@3=b a"b@5=a\\"b c@10=c \\@11=\\ d@12=d
          a<br /><br />b <BR>c | a@0=a ⏎⏎@1=<br␣/><br␣/> b@13=b ⏎@15=<BR> c@19=c
          see <unk> 3 @.@ 5 well @-@ known | see@0=see u_n@4=<unk> 3.5@10=3␣@.@␣5 well@18=well -@22=␣@-@␣ known@27=known
          caf&eacute; &#233;t&#xE9; &lt; &ampx | café@0=caf&eacute; été@12=&#233;t&#xE9; <@26=&lt; &@31=&amp x@35=x
          a&#1;b &nosuch; & | ab@0=a&#1;b &@7=& nosuch@8=nosuch ;@14=; &@16=&
          so!!!! good 😀😀😀😀 x | so@0=so tk_rep@2=!!!! 4@2=!!!! !@2=!!!! good@7=good tk_rep@12=😀😀😀😀 4@12=😀😀😀😀 😀@12=😀😀😀😀 x@21=x
          no no no no yes | tk_wrep@0=no␣no␣no␣no␣ 4@0=no␣no␣no␣no␣ no@0=no yes@12=yes
          It is GREAT, U.S.A and NASA | it@0=It is@3=is t_up@6 great@6=GREAT ,@11=, u.s.a@13=U.S.A and@19=and t_up@23 nasa@23=NASA
          a/b #1   x | a@0=a /@1=/ b@2=b #@4=# 1@5=1 x@9=x
          İzmir İİİ ΑΣΣ 𝐀B | i̇zmir@0=İzmir t_up@6 i̇i̇i̇@6=İİİ t_up@10 ασς@10=ΑΣΣ 𝐀b@14=𝐀B
          two  spaces | two@0=two spaces@5=spaces
          """)
  void fastai07(String text, String expected) throws Exception {
    check("fastai-0.7", text, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          it#39;s 3 @,@ 5 3 @.@ 5 a @-@ b | it@0=it 's@2=#39;s 3,5@8=3␣@,@␣5 3.5@16=3␣@.@␣5 a@24=a -@25=␣@-@␣ b@30=b
          see <unk>⏎and \\ it | see@0=see xxunk@4=<unk> ⏎␣@9=⏎ and@10=and \\@14=\\ it@16=it
          a &amp;amp; b caf&eacute; | a@0=a &@2=& &@3=amp; &@7=amp; b@12=b café@14=caf&eacute;
          so!!!! good 😀😀😀😀 | so@0=so xxrep@2=!!!! 4@2=!!!! !@2=!!!! good@7=good xxrep@12=😀😀😀😀 4@12=😀😀😀😀 😀@12=😀😀😀😀
          no no no no yes | xxwrep@0=no␣no␣no␣no␣ 4@0=no␣no␣no␣no␣ no@0=no yes@12=yes
          It is GREAT McDonald A İzmir İİİİ ǅa | xxmaj@0 it@0=It is@3=is xxup@6 great@6=GREAT mcdonald@12=McDonald a@21=A xxmaj@23 i̇zmir@23=İzmir xxrep@29=İİİİ 4@29=İİİİ i̇@29=İİİİ ǆa@34=ǅa
          a/b #1⏎x   y | a@0=a /@1=/ b@2=b #@4=# 1@5=1 ⏎␣@6=⏎ x@7=x y@11=y
          """)
  void fastai1(String text, String expected) throws Exception {
    check("fastai-1", text, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          it#39;s 3 @.@ 5 a @-@ b wait... no | it@0=it 's@2=#39;s 3.5@8=3␣@.@␣5 a@16=a -@17=␣@-@␣ b@22=b wait@24=wait …@28=... no@32=no
          see <unk>⏎⏎and \\x | see@0=see xxunk@4=<unk> ⏎⏎@9=⏎⏎ and@11=and \\@15=\\ x@16=x
          a &amp;amp; b caf&eacute; | a@0=a xxrep@2=&amp;amp; 3@2=&amp;amp; &@2=&amp;amp; b@12=b café@14=caf&eacute;
          so!!! good 😀😀😀 | so@0=so xxrep@2=!!! 3@2=!!! !@2=!!! good@6=good xxrep@11=😀😀😀 3@11=😀😀😀 😀@11=😀😀😀
          no  no no, yes | xxwrep@0=no␣␣no␣no 3@0=no␣␣no␣no no@0=no ,@9=, yes@11=yes
          a a a | xxwrep@0=a␣a␣a 3@0=a␣a␣a a@0=a
          yes no no no | yes@0=yes xxwrep@4=no␣no␣no 3@4=no␣no␣no no@4=no
          It is GREAT McDonald A İzmir ǅa Éa | xxmaj@0 it@0=It is@3=is xxup@6 great@6=GREAT mcdonald@12=McDonald a@21=A i̇zmir@23=İzmir ǆa@29=ǅa éa@32=Éa
          a/b #1   x | a@0=a /@1=/ b@2=b #@4=# 1@5=1 x@9=x
          ⏎ Hi  there ⏎ | xxmaj@2 hi@2=Hi there@6=there
          A⏎ b | a@0=A ⏎▁@1=⏎␣ b@3=b
          GOOD!!! GREAT | xxup@0 good@0=GOOD xxrep@4=!!! 3@4=!!! !@4=!!! xxup@8 great@8=GREAT
          """)
  void fastai2(String text, String expected) throws Exception {
    check("fastai-2", text, expected);
  }

  /** White space at the ends is dropped by the rules of fastai 2 and a token in others. */
  @Test
  void whiteSpaceAtTheEnds() throws Exception {
    check("fastai-2", "  ⏎ Hi  ", "xxmaj@4 hi@4=Hi");
    check("none", "  ⏎ Hi", "␣␣⏎␣@0=␣␣⏎␣ Hi@4=Hi");
    check("none", "", "");
  }

  @Test
  void tokensAsTheyStand() throws Exception {
    check(
        "none",
        "It is GREAT; don't :) (x-y)",
        "It@0=It is@3=is GREAT@6=GREAT ;@11=; do@13=do n't@15=n't :)@19=:) (@22=( x@23=x -@24=-"
            + " y@25=y )@26=)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none       | Good@0:0=Good film@0:5=film ␣@2:0 BAD@2:0=BAD end@2:4=end
          fastai-0.7 | ⏎@0:0 xbos@0:0 xfld@0:0 1@0:0 good@0:0=Good film@0:5=film xfld@1:0 1@1:0 \
          xfld@2:0 2@2:0 t_up@2:0 bad@2:0=BAD end@2:4=end
          fastai-1   | xxbos@0:0 xxmaj@0:0 good@0:0=Good film@0:5=film xxup@2:0 bad@2:0=BAD \
          end@2:4=end
          fastai-2   | xxbos@0:0 xxfld@0:0 1@0:0 xxmaj@0:0 good@0:0=Good film@0:5=film xxfld@1:0 \
          2@1:0 xxfld@2:0 3@2:0 xxup@2:0 bad@2:0=BAD end@2:4=end
          """)
  void offsetsAreThoseOfTheField(String rules, String expected) throws Exception {
    for (String word : List.of("spacy-2.0", "spacy-3")) {
      assertEquals(
          expected, located(pipeline(rules, word), List.of("Good film", "", "BAD end")), word);
    }
  }

  /** The rules see one text: a token may stand for a marker and a word, or for words of two. */
  @Test
  void rulesThatReachAcrossFields() throws Exception {
    assertEquals(
        "⏎@0 xbos@0 xfld@0 tk_wrep@0=1␣1␣1␣ 4@0=1␣1␣1␣ 1@0 x@6=x",
        located(pipeline("fastai-0.7", "spacy-2.0"), List.of("1 1 1 x")));
    assertEquals(
        "xxbos@0:0 a@0:0=a xxwrep@0:2=no␣no 4@0:2=no␣no no@0:2=no x@1:6=x",
        located(pipeline("fastai-1", "spacy-3"), List.of("a no no", "no no x")));
  }

  @Test
  void piecesOfWords() throws Exception {
    List<String> text = List.of("The \uD83D\uDE00 FILM is unwatchable!");
    assertEquals(
        "the@0=The [UNK]@4=\uD83D\uDE00 film@7=FILM is@12=is un@15=un ##watch@17=watch"
            + " ##able@22=able !@26=!",
        located(pipeline("none", SUBWORD), text));
    assertEquals(
        "▁good@0:0=good ▁@0:4=␣ \uFFFD@0:5=\uD83D ▁film@0:6=␣film s@0:11=s ▁@1:0 x@1:0=x",
        located(pipeline("none", UNIGRAM), List.of("good \uD83D films", "x")));
  }

  /** Several tokens that begin at the blank between two fields keep their order. */
  @Test
  void aRuleThatTakesTheBlankBetweenFields() throws Exception {
    String text = "@.@  @.@  @.@  @.@ ";
    String it = "=" + visible(text);
    assertEquals(
        "xxbos@0:0 xxrep@1:0IT xxup@1:0 [unk]@1:0IT .@1:0IT".replace("IT", it),
        located(pipeline("fastai-1", SUBWORD), List.of("", text)));
  }

  @Test
  void piecesBehindTheRules() throws Exception {
    assertEquals(
        "[UNK]@0 [UNK]@0 [UNK]@0 film@0=film [UNK]@10 film@10=FILM",
        located(pipeline("fastai-0.7", SUBWORD), List.of("film<br />FILM")));
    assertEquals(
        "xxbos@0 the@0=the film@4=FILM",
        located(pipeline("fastai-1", SUBWORD), List.of("the FILM")));
  }
}
