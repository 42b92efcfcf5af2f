package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.UlmfitException;

/** Trees of texts as they are found, in a folder and in an archive: what is read, what refused. */
class LabelFoldersTest {
  @TempDir Path dir;

  private static Arguments reads(String files, String... rows) {
    return Arguments.of(List.of(files.split(" ")), List.of(rows), null);
  }

  private static Arguments refuses(String files, String message) {
    return Arguments.of(List.of(files.split(" ")), null, message);
  }

  private static Stream<Arguments> trees() {
    return Stream.of(
        reads(
            "train/neg/1.txt train/pos/1.txt test/pos/1.txt",
            "TRAIN train/neg/1.txt neg",
            "TRAIN train/pos/1.txt pos",
            "TEST test/pos/1.txt pos"),
        reads(
            "Train/pos/1.txt Test/pos/1.txt Dev/pos/1.txt",
            "TRAIN Train/pos/1.txt pos",
            "VALID Dev/pos/1.txt pos",
            "TEST Test/pos/1.txt pos"),
        reads(
            "training/pos/1.txt testing/pos/1.txt",
            "TRAIN training/pos/1.txt pos",
            "TEST testing/pos/1.txt pos"),
        reads(
            "2023/neg/1.txt 2023/pos/1.txt 2024/pos/1.txt",
            "TRAIN neg/1.txt neg",
            "TRAIN 2024/pos/1.txt pos",
            "TRAIN pos/1.txt pos"),
        reads(
            "a/b/train/pos/1.txt a/b/test/pos/1.txt",
            "TRAIN train/pos/1.txt pos",
            "TEST test/pos/1.txt pos"),
        reads(
            "a/train/pos/1.txt a/unsup/1.txt", "TRAIN train/pos/1.txt pos", "UNSUP unsup/1.txt -"),
        reads(
            "train/neg/1.txt train/pos/1.txt test/1.txt",
            "TRAIN train/neg/1.txt neg",
            "TRAIN train/pos/1.txt pos"),
        reads("a/pos/1.txt a/neg/1.txt a/readme.txt", "TRAIN neg/1.txt neg", "TRAIN pos/1.txt pos"),
        reads(
            "train/neg/1.txt train/pos/1.txt test/1.txt unsup/1.txt",
            "TRAIN train/neg/1.txt neg",
            "TRAIN train/pos/1.txt pos",
            "UNSUP unsup/1.txt -"),
        reads(
            "imdb_train/neg/1.txt imdb_train/pos/1.txt",
            "TRAIN neg/1.txt neg",
            "TRAIN pos/1.txt pos"),
        refuses(
            "a/neg/1.txt a/pos/1.txt a/1.txt a/2.txt a/3.txt",
            "a: holds texts, and folders of texts"),
        refuses(
            "train_data/pos/1.txt test_data/pos/1.txt",
            "_data: stands above labels and is no split; call it train, valid, test or unsup, or"
                + " read it by itself"),
        refuses(
            "x/evalSet/pos/1.txt x/more/pos/1.txt",
            "x/evalSet: stands above labels and is no split"),
        refuses(
            "train/pos/1.txt test/pos/1.txt extra/pos/1.txt",
            "extra: stands above labels, beside splits, and is no split"),
        refuses(
            "test/en/pos/1.txt train/en/pos/1.txt",
            "/en/pos: which of these folders is the label? that of a split is expected right above"),
        refuses(
            "train/pos/a/1.txt train/neg/a/1.txt",
            "which of these folders is the label? that of a"),
        refuses("sales/1.txt news/1.txt Training/1.txt", "Training: stands beside labels and is"),
        refuses(
            "train/pos/1.txt test/pos/1.txt docs/1.txt",
            "docs: holds texts, beside splits, and is"),
        refuses(
            "neg/1.txt pos/1.txt pos/old/1.txt",
            "pos: holds texts, and folders of texts; which of them is the label?"),
        refuses("pos/1.txt pos/2.txt pos/old/1.txt", "pos: holds texts, and folders of texts"));
  }

  private static List<String> read(Path corpus) {
    List<String> rows = new ArrayList<>();
    CorpusReader.open(Corpus.at(corpus))
        .forEach(
            (split, row) ->
                rows.add(
                    split
                        + " "
                        + row.id()
                        + " "
                        + (row.labels() == null ? "-" : String.join(",", row.labels()))));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("trees")
  void whichFolderIsALabelAndWhichASplit(List<String> files, List<String> rows, String message)
      throws IOException {
    Path folder = dir.resolve("corpus");
    Map<String, String> packed = new LinkedHashMap<>();
    for (String file : files) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.writeString(folder.resolve(file), "a text");
      packed.put(file, "a text");
    }
    Path archive = Files.write(dir.resolve("corpus.tar.gz"), Tarball.gz(packed));
    for (Path corpus : List.of(folder, archive)) {
      if (message == null) {
        assertEquals(rows.stream().sorted().toList(), read(corpus).stream().sorted().toList());
      } else {
        UlmfitException e = assertThrows(UlmfitException.class, () -> read(corpus));
        assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
        String line = e.getMessage();
        assertTrue(line.startsWith(corpus + ": ") && line.contains(message), line);
      }
    }
  }

  /** Texts of a language model have no labels, and those of a test folder are all of one split. */
  @Test
  void whereLabelsOrSplitsDoNotMatterFoldersAreFolders() throws IOException {
    for (String file : List.of("wiki/x.txt", "wiki/AA/1.txt", "news/2020/1.txt", "Test/y.txt")) {
      Files.createDirectories(dir.resolve("texts").resolve(file).getParent());
      Files.writeString(dir.resolve("texts").resolve(file), "a text");
    }
    List<String> ids = new ArrayList<>();
    CorpusReader.open(Corpus.at(dir.resolve("texts")), Expectation.of(Expectation.Labels.UNUSED))
        .forEach((split, row) -> ids.add(row.id()));
    assertEquals(
        List.of("news/2020/1.txt", "wiki/AA/1.txt", "wiki/x.txt"), ids.stream().sorted().toList());
    for (String file : List.of("my_test/pos/1.txt", "my_train/pos/1.txt")) {
      Files.createDirectories(dir.resolve("test").resolve(file).getParent());
      Files.writeString(dir.resolve("test").resolve(file), "a text");
    }
    Path train = dir.resolve("train.csv");
    Files.writeString(train, "text,label\none,pos\ntwo,neg\n");
    List<Split> splits = new ArrayList<>();
    CorpusReader.open(Corpus.at(train).withTest(Corpus.at(dir.resolve("test"))))
        .forEach((split, row) -> splits.add(split));
    assertEquals(List.of(Split.TRAIN, Split.TRAIN, Split.TEST, Split.TEST), splits);
  }
}
