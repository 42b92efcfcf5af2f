package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.corpus.CorpusOptions.Format;

class ArticlesTest {
  @TempDir Path dir;

  private List<Document> read(String text, Format format) throws IOException {
    Path file = Files.writeString(dir.resolve("wiki.txt"), text);
    CorpusReader corpus =
        CorpusReader.open(Corpus.at(file, CorpusOptions.defaults().withFormat(format)));
    List<Document> documents = new ArrayList<>();
    corpus.forEach(
        (split, document) -> {
          assertEquals(Split.UNSUP, split);
          documents.add(document);
        });
    assertEquals(documents.size(), corpus.counts().rows());
    return documents;
  }

  /** WikiText's files: the title between single equals signs, headings between more. */
  @Test
  void everyTitleBeginsADocument() throws IOException {
    String text =
        " \n = Lobster = \n \n A lobster is red . \n\n = = Habitat = = \n The sea .\n"
            + " = Bee = \n A bee flies ; 1 = 1 .\n";
    List<Document> articles = read(text, Format.AUTO);
    assertEquals(
        List.of(
            List.of("= Lobster = \n \n A lobster is red . \n\n = = Habitat = = \n The sea ."),
            List.of("= Bee = \n A bee flies ; 1 = 1 .")),
        articles.stream().map(Document::fields).toList());
    assertEquals(
        List.of(dir.resolve("wiki.txt") + ":2", dir.resolve("wiki.txt") + ":8"),
        articles.stream().map(Document::id).toList());
  }

  @Test
  void whatStandsBeforeTheFirstTitleIsADocumentToo() throws IOException {
    List<Document> articles = read("Preface.\n = A = \nText.\n", Format.ARTICLES);
    assertEquals(
        List.of(List.of("Preface."), List.of("= A = \nText.")),
        articles.stream().map(Document::fields).toList());
  }

  @Test
  void linesWithoutATitleStayLines() throws IOException {
    assertEquals(2, read("one line\n = A = \n", Format.AUTO).size());
    assertEquals(3, read("one line\n = A = \nmore\n", Format.AUTO).size());
  }
}
