package org.ulmfit.subword;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.subword.TokenizerTraining.Result;
import org.ulmfit.subword.TokenizerTraining.Settings;
import org.ulmfit.subword.TokenizerTraining.Type;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;

class TokenizerTrainingTest {
  private static final List<String> TEXTS =
      List.of(
          "The lower the better: lowest, LOWER, low; newer, newest and new again!!!!",
          "Low is lower than the newest film. No no no no, the film was GREAT...",
          "A new film, a newer film, the newest film\nof the lowest");

  private final List<String> told = new ArrayList<>();
  @TempDir private Path dir;

  private static Texts texts(List<String> texts) {
    return sink -> texts.forEach(text -> sink.accept(List.of(text)));
  }

  private Result train(Type type, int size, String rules, Texts texts) {
    return train(new Settings(type, size, 2, 64), rules, texts, new Stop());
  }

  private Result train(Settings settings, String rules, Texts texts, Stop stop) {
    Recipe recipe = Recipes.with(Recipes.defaults(), List.of("text.rules=" + rules));
    return new TokenizerTraining(settings, recipe.text(), told::add, stop)
        .train("reviews.csv", texts, file());
  }

  private Path file() {
    return dir.resolve("tokenizer.json");
  }

  private List<String> tokens(Rules rules, String text) {
    try (TextPipeline pipeline = TextPipeline.of(rules, TokenizerSpec.parse(file().toString()))) {
      return pipeline.documentTokens(List.of(text));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BPE, fastai-2, 55",
    "UNIGRAM, fastai-2, 45",
    "BPE, fastai-2-subword, 55",
    "UNIGRAM, fastai-2-subword, 45",
    "BPE, fastai-1, 60",
    "UNIGRAM, fastai-1, 55",
    "BPE, fastai-0.7, 55",
    "BPE, none, 50",
  })
  void theTokenizerReadsTheFileAndKeepsTheMarksWhole(Type type, String name, int size) {
    Rules rules = Rules.of(name);
    Result result = train(type, size, name, texts(TEXTS));
    assertEquals(size, result.pieces());
    assertEquals(3, result.texts());
    try (TextPipeline pipeline = TextPipeline.of(rules, TokenizerSpec.parse(file().toString()))) {
      List<String> vocabulary = pipeline.vocabulary().orElseThrow();
      assertEquals(size, vocabulary.size());
      assertTrue(vocabulary.containsAll(rules.marks()));
    }
    for (String text : TEXTS) {
      List<String> tokens = tokens(rules, text);
      List<String> found = tokens.stream().filter(token -> isSet(rules, token)).toList();
      assertEquals(marksOf(rules, text), found, tokens.toString());
      assertFalse(tokens.contains(rules.unknown()), tokens.toString());
    }
  }

  /** Marks that are there before the tokenizer is: those of capitals come behind it in fastai 1. */
  private static boolean isSet(Rules rules, String token) {
    boolean capitals = token.equals("xxup") || token.equals("xxmaj");
    return rules.isMark(token) && !(rules == Rules.FASTAI_1 && capitals);
  }

  /** What the word tokenizer leaves whole. */
  private static List<String> marksOf(Rules rules, String text) {
    try (TextPipeline pipeline = TextPipeline.of(rules, TokenizerSpec.Word.SPACY_3)) {
      return pipeline.documentTokens(List.of(text)).stream()
          .filter(token -> isSet(rules, token))
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Type.class)
  void piecesJoinToTheText(Type type) {
    train(type, 45, "fastai-2-subword", texts(TEXTS));
    List<String> tokens = tokens(Rules.FASTAI_2_SUBWORD, "the  newest\nfilm, lower");
    assertEquals("xxbos▁the▁newest▁film,▁lower", String.join("", tokens));
    assertEquals("xxbos", tokens.get(0));
    assertTrue(tokens.size() < 14, tokens.toString());
    assertTrue(tokens(Rules.FASTAI_2_SUBWORD, "the ж").contains("xxunk") || type == Type.UNIGRAM);
  }

  @ParameterizedTest
  @EnumSource(Type.class)
  void theSameTextsMakeTheSameFile(Type type) throws IOException {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 3000; i++) { // several batches for several threads
      many.add(TEXTS.get(i % 3) + " word" + i % 97);
    }
    train(type, 80, "fastai-2", texts(many));
    byte[] first = Files.readAllBytes(file());
    train(type, 80, "fastai-2", texts(many));
    assertArrayEquals(first, Files.readAllBytes(file()));
  }

  @ParameterizedTest
  @CsvSource({
    "BPE, 500, 'reviews.csv: too small for 500 pieces: it makes '",
    "UNIGRAM, 500, 'reviews.csv: too small for 500 pieces: it makes '",
    "BPE, 20, 'reviews.csv: 20 pieces cannot hold its 25 distinct characters and 9 special tokens'",
  })
  void aCorpusThatMakesNotThatManyPieces(Type type, int size, String message) {
    UlmfitException e =
        assertThrows(
            UlmfitException.class, () -> train(type, size, "fastai-2-subword", texts(TEXTS)));
    assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertFalse(Files.exists(file()));
    int most =
        Integer.parseInt(e.getMessage().replaceAll(".*ask for (at most|at least) (\\d+).*", "$2"));
    assertEquals(most, train(type, most, "fastai-2-subword", texts(TEXTS)).pieces(), "the remedy");
  }

  @Test
  void longRunsAreCutAndTold() {
    String run = "ab".repeat(100);
    Result result =
        train(new Settings(Type.BPE, 8, 2, 64), "none", texts(List.of(run)), new Stop());
    assertEquals(3, result.cuts(), "201 characters with the space before them");
    assertTrue(
        told.contains("runs of over 64 characters without a break were cut, 3 times"), "" + told);
    told.clear();
    assertEquals(0, train(Type.BPE, 55, "fastai-2", texts(TEXTS)).cuts());
    assertTrue(told.stream().noneMatch(line -> line.contains("cut")), "" + told);
  }

  @Test
  void validationAndTestDataAreNotRead() {
    Corpus corpus =
        Corpus.of(TEXTS.stream().map(Document::of).toList())
            .withValid(Corpus.of(List.of(Document.of("жжж", "a"))))
            .withTest(Corpus.of(List.of(Document.of("ппп", "a"))));
    List<List<String>> read = new ArrayList<>();
    Texts.of(corpus, 0, told::add).forEach(read::add);
    assertEquals(TEXTS, read.stream().map(fields -> fields.get(0)).toList());
    read.clear();
    Texts.of(corpus, 2, told::add).forEach(read::add);
    assertEquals(2, read.size());
  }

  @Test
  void aFailureWhileTextsAreReadComesThrough() {
    Texts broken =
        sink -> {
          sink.accept(List.of("good"));
          throw UlmfitException.badData("row 2: no text");
        };
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> train(Type.BPE, 60, "fastai-2", broken));
    assertEquals("row 2: no text", e.getMessage());
  }

  @Test
  void aFailureOfAThreadComesThrough() {
    Texts broken =
        sink -> { // no columns: no row
          Consumer<List<String>> all = sink;
          for (int i = 0; i < 100_000; i++) {
            all.accept(i == 0 ? List.of() : List.of("a text of some length, again and again"));
          }
        };
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> train(Type.BPE, 60, "fastai-2", broken));
    assertTrue(e.getMessage().startsWith("a row without text columns"), e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(Type.class)
  void aStopEndsItAndNothingIsWritten(Type type) {
    Stop stop = new Stop();
    stop.request();
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> train(new Settings(type, 60, 2, 64), "fastai-2", texts(TEXTS), stop));
    assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
    assertFalse(Files.exists(file()));
  }
}
