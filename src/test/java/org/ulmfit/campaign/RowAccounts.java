package org.ulmfit.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.ulmfit.Labelling;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Split;
import org.ulmfit.corpus.Tarball;

/**
 * Random corpora of which it is known what becomes of every row: so many are used, so many are
 * rejected, and nothing is lost between.
 */
final class RowAccounts {

  static final List<String> READERS =
      List.of(
          "csv",
          "tsv",
          "jsonl",
          "lines",
          "fasttext",
          "pattern",
          "articles",
          "folder",
          "tar.gz",
          "labels in csv",
          "labels in columns",
          "labels in jsonl",
          "labels in fasttext",
          "labels by index");

  private static final int MOST_ROWS = 30;

  private final Path dir;

  RowAccounts(Path dir) {
    this.dir = dir;
  }

  /** What is expected of a corpus. */
  private static final class Expected {
    final StringBuilder text = new StringBuilder();
    int used;
    int rejected;
    int ignored;

    void used(String row) {
      text.append(row).append('\n');
      used++;
    }

    void rejected(String row) {
      text.append(row).append('\n');
      rejected++;
    }

    /** No row at all. */
    void blank(String row) {
      text.append(row).append('\n');
    }
  }

  /**
   * Makes one corpus and reads it.
   *
   * @throws AssertionError naming reader and seed if a row is lost or counted twice
   */
  void check(String reader, long seed) throws IOException {
    Random random = new Random(seed * 31 + reader.hashCode());
    Expected expected = new Expected();
    Path path = dir.resolve("corpus-" + reader);
    if (reader.equals("folder")) {
      path = folder(path.resolve("" + seed), random, expected);
    } else if (reader.equals("tar.gz")) {
      tar(path, random, expected);
    } else {
      rows(reader, random, expected);
      Files.writeString(path, expected.text);
    }
    compare(
        reader + ", seed " + seed, CorpusReader.open(Corpus.at(path, options(reader))), expected);
  }

  private static void rows(String reader, Random random, Expected expected) {
    switch (reader) {
      case "csv" -> csv(random, expected);
      case "tsv" -> tsv(random, expected);
      case "jsonl" -> jsonl(random, expected);
      case "lines" -> lines(random, expected);
      case "fasttext" -> fastText(random, expected);
      case "pattern" -> pattern(random, expected);
      case "articles" -> articles(random, expected);
      case "labels in csv" -> labelCells(random, expected);
      case "labels in columns" -> labelColumns(random, expected);
      case "labels in jsonl" -> labelLists(random, expected);
      case "labels in fasttext" -> labelWords(random, expected);
      case "labels by index" -> labelIndices(random, expected);
      default -> throw new IllegalArgumentException(reader);
    }
  }

  private CorpusOptions options(String reader) throws IOException {
    CorpusOptions skip = CorpusOptions.defaults().withOnBadRow(CorpusOptions.OnBadRow.SKIP);
    return switch (reader) {
      case "pattern" -> skip.withLinePattern("(?<label>[a-z]+): (?<text>.*)");
      case "folder", "tar.gz" -> skip; // found out from the path
      case "labels in csv" -> skip.withFormat(CorpusOptions.Format.CSV).withLabelSeparator(";");
      case "labels in columns" ->
          skip.withFormat(CorpusOptions.Format.CSV).withLabelColumns(List.of("b", "a"));
      case "labels in jsonl" ->
          skip.withFormat(CorpusOptions.Format.JSONL).withLabelling(Labelling.MULTI);
      case "labels in fasttext" ->
          skip.withFormat(CorpusOptions.Format.FASTTEXT).withLabelling(Labelling.MULTI);
      case "labels by index" ->
          skip.withFormat(CorpusOptions.Format.CSV)
              .withLabelSeparator(" ")
              .withLabelNames(Files.writeString(dir.resolve("names.txt"), "pos\nneg\n"));
      case "jsonl", "fasttext" ->
          skip.withFormat(CorpusOptions.Format.valueOf(reader.toUpperCase(Locale.ROOT)))
              .withLabelling(Labelling.SINGLE);
      default -> skip.withFormat(CorpusOptions.Format.valueOf(reader.toUpperCase(Locale.ROOT)));
    };
  }

  private static void compare(String what, CorpusReader corpus, Expected expected) {
    List<Document> documents = new ArrayList<>();
    List<CorpusReader.Rejection> rejections = new ArrayList<>();
    corpus.forEach(
        new CorpusReader.Sink() {
          @Override
          public void accept(Split split, Document document) {
            documents.add(document);
          }

          @Override
          public void reject(CorpusReader.Rejection rejection) {
            rejections.add(rejection);
          }
        });
    CorpusReader.Counts counts = corpus.counts();
    boolean right =
        counts.used() == expected.used
            && documents.size() == expected.used
            && counts.rejected() == expected.rejected
            && rejections.size() == expected.rejected
            && counts.rows() == expected.used + expected.rejected
            && counts.ignoredFiles() == expected.ignored;
    if (!right) {
      throw new AssertionError(
          "%s: expected %d used, %d rejected, %d ignored, but %s, %s"
              .formatted(
                  what, expected.used, expected.rejected, expected.ignored, counts, rejections));
    }
  }

  private static String words(Random random) {
    StringBuilder text = new StringBuilder("a");
    for (int n = random.nextInt(6); n > 0; n--) {
      text.append(' ')
          .append(List.of("film", "été", "=1+1", "😀", "'s", "&amp;").get(random.nextInt(6)));
    }
    return text.toString();
  }

  private static void csv(Random random, Expected to) {
    to.blank("label,text");
    to.used("pos,the first");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(10)) {
        case 0 -> to.used("," + text);
        case 1 -> to.used("pos,\"" + text + ",\n\r\n\"\"" + text + "\"\r");
        case 2 -> to.rejected("pos,");
        case 3 -> to.rejected("pos,\" \"");
        case 4 -> to.rejected("pos," + text + ",third");
        case 5 -> to.rejected(text);
        case 6 -> to.rejected("pos,a \"quoted\" word");
        case 7 -> to.rejected("pos,\"quoted\" and more");
        case 8 -> to.blank("\r");
        default -> to.used("neg," + text);
      }
    }
  }

  private static void tsv(Random random, Expected to) {
    to.blank("label\ttext");
    to.used("pos\tthe first");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(6)) {
        case 0 -> to.used("pos\t\"" + text);
        case 1 -> to.rejected("pos\t");
        case 2 -> to.rejected("pos\t" + text + "\tthird");
        case 3 -> to.rejected(text);
        case 4 -> to.blank("");
        default -> to.used("neg\t" + text + "\r");
      }
    }
  }

  private static void jsonl(Random random, Expected to) {
    to.used("{\"text\": \"the first\", \"label\": \"pos\"}");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(13)) {
        case 0 -> to.used("{\"text\": \"" + text + "\"}");
        case 1 -> to.used("{\"text\": \"" + text + "\", \"labels\": [7], \"other\": {\"a\": 1}}");
        case 2 -> to.used("{\"text\": \"" + text + "\", \"label\": null}\r");
        case 3 -> to.rejected("{\"text\": \"" + text + "\", \"labels\": [\"a\", \"b\"]}");
        case 4 -> to.rejected("{\"txt\": \"" + text + "\"}");
        case 5 -> to.rejected("{\"text\": 7}");
        case 6 -> to.rejected("{\"text\": \"" + text);
        case 7 -> to.rejected("{\"text\": \"a\", \"text\": \"b\"}");
        case 8 -> to.rejected("[\"" + text + "\"]");
        case 9 -> to.rejected("{\"text\": \"" + text + "\", \"split\": \"dev2\"}");
        case 10 -> to.rejected("{\"text\": " + "[".repeat(3000) + "]".repeat(3000) + "}");
        case 11 -> to.blank("   ");
        default -> to.rejected("{\"text\": \"" + text + "\", \"split\": \"test\"}");
      }
    }
  }

  private static void lines(Random random, Expected to) {
    for (int n = 1 + random.nextInt(MOST_ROWS); n > 0; n--) {
      to.used(words(random) + (random.nextBoolean() ? "\r" : ""));
      to.blank(" ".repeat(random.nextInt(3)));
    }
  }

  private static void fastText(Random random, Expected to) {
    to.used("__label__pos the first");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(5)) {
        case 0 -> to.used(text);
        case 1 -> to.rejected("__label__a __label__b " + text);
        case 2 -> to.rejected("__label__a ");
        case 3 -> to.blank("");
        default -> to.used("__label__neg " + text);
      }
    }
  }

  private static void labelCells(Random random, Expected to) {
    to.blank("labels,text");
    to.used("pos;neg,the first");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(8)) {
        case 0 -> to.used("," + text);
        case 1 -> to.used("\" pos ; neg \"," + text);
        case 2 -> to.used("pos;pos," + text);
        case 3 -> to.rejected("pos;;neg," + text);
        case 4 -> to.rejected("pos;," + text);
        case 5 -> to.rejected("pos;neg, ");
        case 6 -> to.rejected("pos;neg");
        default -> to.used("neg," + text);
      }
    }
  }

  private static void labelColumns(Random random, Expected to) {
    to.blank("a,text,b");
    to.used("1,the first,0");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(8)) {
        case 0 -> to.used("0," + text + ",0");
        case 1 -> to.used("1.0," + text + ",True");
        case 2 -> to.used("," + text + ", ");
        case 3 -> to.rejected("1," + text + ",");
        case 4 -> to.rejected("-1," + text + ",-1");
        case 5 -> to.rejected("2," + text + ",0");
        case 6 -> to.rejected("1," + text);
        default -> to.used("1," + text + ",1");
      }
    }
  }

  private static void labelLists(Random random, Expected to) {
    to.used("{\"text\":\"the first\",\"labels\":[\"a\"]}");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String start = "{\"text\":\"" + words(random) + "\"";
      switch (random.nextInt(8)) {
        case 0 -> to.used(start + ",\"labels\":[\"a\",\"b\",7]}");
        case 1 -> to.used(start + ",\"labels\":[]}");
        case 2 -> to.used(start + ",\"labels\":null}");
        case 3 -> to.used(start + "}");
        case 4 -> to.rejected(start + ",\"labels\":[\"a\",null]}");
        case 5 -> to.rejected(start + ",\"labels\":[\"a\",\" \"]}");
        case 6 -> to.rejected(start + ",\"labels\":[[\"a\"]]}");
        default -> to.used(start + ",\"labels\":\"b\"}");
      }
    }
  }

  private static void labelWords(Random random, Expected to) {
    to.used("__label__pos the first");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(5)) {
        case 0 -> to.used(text);
        case 1 -> to.used("__label__a __label__b " + text);
        case 2 -> to.rejected("__label__a __label__b");
        case 3 -> to.blank("");
        default -> to.used("__label__neg " + text);
      }
    }
  }

  private static void labelIndices(Random random, Expected to) {
    to.blank("labels,text");
    to.used("0 1,the first");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      String text = words(random);
      switch (random.nextInt(6)) {
        case 0 -> to.used("," + text);
        case 1 -> to.used("1  0," + text);
        case 2 -> to.rejected("0 2," + text);
        case 3 -> to.rejected("-1," + text);
        case 4 -> to.rejected("pos," + text);
        default -> to.used("0," + text);
      }
    }
  }

  private static void pattern(Random random, Expected to) {
    to.used("pos: the first");
    for (int n = random.nextInt(MOST_ROWS); n > 0; n--) {
      switch (random.nextInt(4)) {
        case 0 -> to.rejected("no colon here");
        case 1 -> to.rejected("pos: ");
        case 2 -> to.blank("");
        default -> to.used("neg: " + words(random));
      }
    }
  }

  private static void articles(Random random, Expected to) {
    for (int n = 1 + random.nextInt(MOST_ROWS); n > 0; n--) {
      to.used(" = Title " + n + " = ");
      for (int line = random.nextInt(4); line > 0; line--) {
        to.blank(
            random.nextBoolean() ? "" : random.nextBoolean() ? " = = Part = = " : words(random));
      }
    }
  }

  /**
   * A file of a folder or an archive, and whether it is a row.
   *
   * @param splits whether label folders lie in folders of splits
   */
  private static String file(int n, boolean splits, Random random, Expected to) {
    String train = splits ? "train/" : "";
    return switch (random.nextInt(6)) {
      case 0 -> {
        to.rejected++;
        yield train + "pos/" + n + "_blank.txt";
      }
      case 1 -> {
        to.ignored++;
        yield train + "pos/" + n + ".csv";
      }
      case 2 -> {
        to.ignored++;
        yield n + ".txt";
      }
      case 3 -> {
        to.used++;
        yield train + "unsup/" + n + ".txt";
      }
      default -> {
        to.used++;
        String test = splits ? "Test/" : "";
        yield List.of(train + "pos/", test + "neg/", train + "neg/").get(random.nextInt(3))
            + n
            + ".txt";
      }
    };
  }

  private static String content(String name, Random random) {
    return name.contains("blank") ? " \n" : words(random);
  }

  private static Path folder(Path root, Random random, Expected to) throws IOException {
    files(random.nextInt(8), random, to)
        .forEach(
            (name, content) -> {
              Path file = root.resolve(name);
              try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, content);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return root;
  }

  /** Files of two labels at least, with what is in them. */
  private static Map<String, String> files(int more, Random random, Expected to) {
    boolean splits = random.nextBoolean();
    Map<String, String> files = new LinkedHashMap<>();
    for (String label : List.of("pos", "neg")) {
      to.used++;
      files.put((splits ? "train/" : "") + label + "/first.txt", "the first");
    }
    for (int n = more; n > 0; n--) {
      String name = file(n, splits, random, to);
      files.put(name, content(name, random));
    }
    return files;
  }

  private static void tar(Path path, Random random, Expected to) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files(random.nextInt(MOST_ROWS), random, to)
        .forEach((name, content) -> files.put("all/" + name, content));
    if (random.nextBoolean()) {
      files.put("all/pos/link.txt", "-> first.txt");
      to.ignored++;
    }
    Files.write(path, Tarball.gz(files));
  }
}
