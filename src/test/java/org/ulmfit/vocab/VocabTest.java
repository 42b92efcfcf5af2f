package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.UlmfitException;

class VocabTest {
  @TempDir Path dir;

  @Test
  void roundTripKeepsEveryToken() throws Exception {
    List<String> tokens =
        List.of(
            "xxunk", "xxpad", "\n\n", "\"", "\\", "é", "\u2028", "\u0085", "😀", "\ud800", "\t");
    Vocab vocab = Vocab.of(tokens);
    Path file = dir.resolve("vocab.txt");
    vocab.write(file);
    Vocab read = Vocab.read(file);
    assertEquals(tokens, read.itos());
    assertEquals(vocab, read);
    assertEquals(vocab.sha256(), read.sha256());
    assertTrue(Files.readString(file).startsWith("\"xxunk\"\n\"xxpad\"\n\"\\n\\n\"\n\"\\\"\"\n"));
    assertEquals(1, dir.toFile().list().length, "nothing is left beside it");
  }

  @Test
  void unknownTokensAreZeroAndFillersAreNeverProduced() {
    Vocab vocab = Vocab.of(List.of("xxunk", "xxpad", "the", "xxfake", "xxfake"));
    assertEquals(2, vocab.stoi("the"));
    assertEquals(0, vocab.stoi("nope"));
    assertEquals(0, vocab.stoi("xxfake"));
    assertTrue(vocab.find("xxfake").isEmpty());
    assertEquals(2, vocab.find("the").getAsInt());
    assertEquals(0, vocab.unknownId());
    assertEquals(1, vocab.padId());
  }

  @Test
  void aRepeatedTokenMapsToItsLastId() {
    assertEquals(2, Vocab.of(List.of("_unk_", "_pad_", "_unk_")).stoi("_unk_"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"a\"\\n\"b\"\\nc\\n`|line 3: not a JSON string",
        "`\"a\"\\n\\n\"b\"\\n`|line 2: not a JSON string",
        "`\"a\"\\n\"b\" x\\n`|line 2: not a JSON string",
        "`\"a\"\\n\"b\\n`|line 2: not a JSON string",
        "`\"a\"\\n1\\n`|line 2: not a JSON string",
        "`\"a\"\\n\"b\"`|line 2: no line end",
        "`\"a\"\\n`|fewer than two tokens",
      })
  void malformedFilesAreRefusedWithTheirLine(String content, String message) throws Exception {
    Path file = Files.writeString(dir.resolve("vocab.txt"), content.replace("\\n", "\n"));
    UlmfitException error = assertThrows(UlmfitException.class, () -> Vocab.read(file));
    assertEquals(UlmfitException.Kind.BAD_MODEL, error.kind());
    assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void otherEncodingsAreRefused() throws Exception {
    Path file = dir.resolve("vocab.txt");
    Files.write(file, "\"a\"\n\"é\"\n".getBytes(StandardCharsets.ISO_8859_1));
    UlmfitException error = assertThrows(UlmfitException.class, () -> Vocab.read(file));
    assertTrue(error.getMessage().contains("not UTF-8"), error.getMessage());
  }

  @Test
  void anEmptyVocabularyIsRefused() {
    assertThrows(UlmfitException.class, () -> Vocab.of(List.of("xxunk")));
  }
}
