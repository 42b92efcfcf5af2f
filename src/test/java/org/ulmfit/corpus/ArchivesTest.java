package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.UlmfitException;

/** Archives as they are found: with files beside the labels, links, or made to do harm. */
class ArchivesTest {
  @TempDir Path dir;

  private CorpusReader corpus(byte[] bytes) throws IOException {
    Path file = dir.resolve("a.tar.gz");
    Files.write(file, bytes);
    return CorpusReader.open(
        Corpus.at(file, CorpusOptions.defaults().withFormat(CorpusOptions.Format.TAR)));
  }

  private static List<String> read(CorpusReader corpus) {
    List<String> rows = new ArrayList<>();
    corpus.forEach((split, document) -> rows.add(split + " " + document.id()));
    return rows;
  }

  private static String refusal(CorpusReader corpus) {
    UlmfitException e = assertThrows(UlmfitException.class, () -> read(corpus));
    assertEquals(UlmfitException.Kind.BAD_DATA, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  /** IMDb's own archive holds aclImdb/imdbEr.txt, which is not a review of the class "aclImdb". */
  @Test
  void aTextBesideTheLabelFoldersIsNoDocument() throws IOException {
    for (boolean first : new boolean[] {true, false}) {
      Map<String, String> files = new LinkedHashMap<>();
      if (first) {
        files.put("aclImdb/imdbEr.txt", "7.4");
      }
      files.put("aclImdb/train/neg/0_1.txt", "bad");
      files.put("aclImdb/train/pos/0_9.txt", "good");
      if (!first) {
        files.put("aclImdb/imdbEr.txt", "7.4");
      }
      CorpusReader corpus = corpus(Tarball.gz(files));
      assertEquals(List.of("TRAIN train/neg/0_1.txt", "TRAIN train/pos/0_9.txt"), read(corpus));
      assertEquals(1, corpus.counts().ignoredFiles());
      Expectation unused = Expectation.of(Expectation.Labels.UNUSED);
      Corpus again =
          Corpus.at(
              dir.resolve("a.tar.gz"),
              CorpusOptions.defaults().withFormat(CorpusOptions.Format.TAR));
      assertEquals(2, read(CorpusReader.open(again, unused)).size(), "nor of a language model");
    }
  }

  @Test
  void labelFoldersMayBeAllThereIs() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < 200; i++) {
      files.put((i % 2 == 0 ? "ham/" : "spam/") + i + ".txt", "text " + i);
    }
    CorpusReader corpus = corpus(Tarball.gz(files));
    List<String> rows = read(corpus);
    assertEquals(200, rows.size());
    assertEquals("TRAIN ham/0.txt", rows.get(0));
    assertEquals("TRAIN spam/199.txt", rows.get(199));
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    CorpusReader corpus =
        corpus(Tarball.gz(Map.of("neg/1.txt", "bad", "pos/2.txt", "-> ../../../etc/passwd")));
    assertEquals(List.of("TRAIN neg/1.txt"), read(corpus));
    assertEquals(1, corpus.counts().ignoredFiles());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../neg/1.txt", "a/../../neg/1.txt", "neg/../pos/1.txt"})
  void namesThatClimbAreRefused(String name) throws IOException {
    assertTrue(refusal(corpus(Tarball.gz(Map.of(name, "bad")))).contains("climbs out"));
  }

  @Test
  void aDocumentOfMoreThan64MegabytesIsRefused() throws IOException {
    String long65 = "a".repeat(65 << 20);
    assertTrue(refusal(corpus(Tarball.gz(Map.of("neg/1.txt", long65)))).contains("64 MB"));
    Path folder = dir.resolve("folder/neg");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("1.txt"), long65);
    assertTrue(
        refusal(CorpusReader.open(Corpus.at(folder.getParent(), CorpusOptions.defaults())))
            .contains("64 MB"));
  }

  /** Found by cutting: the head says more than there is. */
  @Test
  void aDocumentThatIsCutShortIsRefused() throws IOException {
    byte[] tar = Tarball.plain(Map.of("neg/1.txt", "bad ".repeat(400)));
    for (int length : new int[] {513, 600, 1024, 2000}) {
      String message = refusal(corpus(Arrays.copyOf(tar, length)));
      assertTrue(message.contains("corrupt or cut short"), message);
    }
  }

  @Test
  void aHeadThatIsNoneIsRefused() throws IOException {
    byte[] noise = "neg/1.txt".repeat(200).getBytes(StandardCharsets.UTF_8);
    assertTrue(refusal(corpus(Tarball.gzip(noise))).contains("corrupt"));
  }
}
