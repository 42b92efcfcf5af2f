package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check-data}. */
class CheckDataCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  private Path file(String name, String... lines) throws IOException {
    return Files.write(dir.resolve(name), List.of(lines));
  }

  private static final String LONG =
      "the story of a man who goes to the sea and comes back with nothing but a tale to tell ";

  @Test
  void whatACarefulReaderWouldCountIsTold() throws IOException {
    Path train =
        file(
            "train.csv",
            "text,label",
            "A fine film,good",
            "a  fine FILM,good",
            "A bad film,bad",
            "a bad film,good",
            LONG + "one,good",
            LONG + "two,bad",
            "...,bad",
            "cafÃ© noir and more,good");
    Path test = file("test.csv", "text,label", "A fine film,good", "quite another one,odd");
    Path out = dir.resolve("out");
    Cli.Output told =
        Cli.run("check-data", "" + train, "--test=" + test, "--out=" + out, "--from-column=x");
    assertEquals(2, told.code()); // an option that there is not
    told = Cli.run("check-data", "" + train, "--test=" + test, "--out=" + out).ok();
    for (String line :
        List.of(
            "rows: 10 read, 10 used, 0 rejected",
            "- texts in both train and test: 1; figures on test flatter",
            "- texts with different labels: 1",
            "- labels of test that no training row has: odd",
            "- pairs of texts that are nearly the same: 1")) {
      assertTrue(told.out().contains(line), line + " in " + told.out());
    }
    JsonNode json = JSON.readTree(out.resolve("data.json").toFile());
    assertEquals(8, json.at("/splits/train/rows").asInt());
    assertEquals(4, json.at("/splits/train/labels/good").asInt() - 1);
    assertEquals(2, json.at("/repeats/within/train").asInt());
    assertEquals(1, json.at("/repeats/withDifferentLabels").asInt());
    assertEquals(1, json.at("/suspects/encoding/texts").asInt());
    assertEquals(1, json.at("/suspects/empty/texts").asInt());
    assertEquals("film", json.at("/words/topWithoutStopWords/0/word").asText());
    assertTrue(json.at("/repeats/near/0/similarity").asDouble() >= 0.8);
    assertTrue(Cli.run("check-data", "" + train, "--out=" + out).error(2).contains("is there"));
  }

  @Test
  void aLimitLeavesRowsOfEveryLabel() throws IOException {
    List<String> lines = new ArrayList<>(List.of("text,label"));
    for (int row = 0; row < 60; row++) {
      lines.add("film number " + row + "," + (row < 40 ? "bad" : "good"));
    }
    Path sorted = file("sorted.csv", lines.toArray(String[]::new));
    Cli.Output told = Cli.run("check-data", "" + sorted, "--limit=15").ok();
    assertTrue(told.err().contains("the first 15 rows of each label"), told.err());
    assertTrue(told.err().contains("30 of 60"), told.err());
  }

  @Test
  void oneLabelIsEnoughWhereRowsMayHaveNone() throws IOException {
    Path rows = file("toxic.csv", "text,toxic", "a fine film,0", "a rude one,1", "a kind one,0");
    Cli.run("check-data", "" + rows, "--label-columns=toxic").ok();
  }

  @Test
  void whereTrainingWouldBeWastedItEndsWithThree() throws IOException {
    Path one = file("one.csv", "text,label", "A fine film,good", "another fine film,good");
    Cli.Output told = Cli.run("check-data", "" + one);
    assertEquals(3, told.code(), told.err());
    assertTrue(told.out().contains("STOP: one label only, good"), told.out());
    Path none = file("none.csv", "text,label", "...,good", "!!,bad");
    told = Cli.run("check-data", "" + none);
    assertEquals(3, told.code(), told.err());
    assertTrue(told.out().contains("STOP: no text has a word in it"), told.out());
  }

  @Test
  void labelsThatTheOtherRowsSpeakAgainstAreTold() throws IOException {
    StringBuilder lines = new StringBuilder("id,text,label\n");
    for (int i = 0; i < 60; i++) {
      boolean good = i % 2 == 0;
      String words = good ? "great fun and a fine cast " : "dull mess and a poor script ";
      boolean wrong = i == 20 || i == 41;
      lines.append("r%d,%s number %d,%s\n".formatted(i, words, i, good != wrong ? "good" : "bad"));
    }
    Path file = Files.writeString(dir.resolve("noisy.csv"), lines);
    Path out = dir.resolve("out");
    Cli.Output told = Cli.run("check-data", "" + file, "--folds=5", "--out=" + out).ok();
    assertTrue(told.out().contains("speak against with 90% or more: 2"), told.out());
    JsonNode doubts = JSON.readTree(out.resolve("data.json").toFile()).get("labelsInDoubt");
    assertEquals(
        List.of("r20", "r41"),
        java.util.stream.StreamSupport.stream(doubts.spliterator(), false)
            .map(doubt -> doubt.get("id").asText())
            .sorted()
            .toList());
    assertEquals(
        "good",
        doubts.get(0).get("id").asText().equals("r20")
            ? doubts.get(0).get("answer").asText()
            : doubts.get(1).get("answer").asText());
    String page = Files.readString(out.resolve("data.html"));
    assertTrue(page.contains("Labels in doubt"), page);
    assertTrue(Cli.run("check-data", "" + file, "--folds=1").error(2).contains("--folds 1"));
    Files.delete(out.resolve("data.json")); // the page alone is not replaced either
    String line = Cli.run("check-data", "" + file, "--out=" + out).error(2);
    assertTrue(line.contains("data.html: is there"), line);
    Path several =
        file(
            "several.jsonl",
            "{\"text\":\"a b c\",\"labels\":[\"x\",\"y\"]}",
            "{\"text\":\"d e\",\"labels\":[\"x\"]}");
    line = Cli.run("check-data", "" + several, "--task=multi", "--folds=2").error(2);
    assertTrue(line.contains("where each row has one label"), line);
    Path bare = file("bare.txt", "a text", "another text");
    line = Cli.run("check-data", "" + bare, "--format=lines", "--folds=2").error(2);
    assertTrue(line.contains("no training row has a label"), line);
  }

  @Test
  void aCorpusWithNothingToSaySaysSo() throws IOException {
    StringBuilder lines = new StringBuilder("text,label\n");
    for (int i = 0; i < 30; i++) {
      lines.append("text number %d of a kind that is like no other,%s\n".formatted(i, i % 2));
    }
    Path plain = Files.writeString(dir.resolve("plain.csv"), lines);
    Cli.Output told = Cli.run("check-data", "" + plain).ok();
    assertTrue(told.out().contains("nothing suspicious was found"), told.out());
    assertFalse(told.out().contains("STOP"), told.out());
  }
}
