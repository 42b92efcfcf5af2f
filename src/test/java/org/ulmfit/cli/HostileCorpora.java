package org.ulmfit.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ulmfit.corpus.Tarball;

/** Corpora, their rows, labels and archives, prepared data and recipes. */
final class HostileCorpora extends HostileInputs {
  private static final String SKIP = "--on-bad-row=skip";
  private static final String GOOD_CSV =
      IntStream.range(0, 20)
          .mapToObj(i -> (i % 2 == 0 ? "pos,a good film " : "neg,a bad film ") + i + "\n")
          .collect(Collectors.joining("", "label,text\n", ""));

  HostileCorpora() {
    corpora();
    kinds();
    tables();
    archives();
    prepared();
    labels();
    severalLabels();
    recipes();
  }

  private static List<String> prepare(Path dir, String name, byte[] bytes, String... options)
      throws IOException {
    Files.write(dir.resolve(name), bytes);
    return prepare(dir, name, options);
  }

  private static List<String> prepare(Path dir, String name, String... options) {
    List<String> command = new ArrayList<>(List.of("prepare", "" + dir.resolve(name)));
    command.add("--out=" + dir.resolve("prepared"));
    command.addAll(List.of(options));
    return command;
  }

  private void corpora() {
    room("A corpus");
    refused("is not there", dir -> prepare(dir, "reviews.csv"));
    refused("is empty", dir -> prepare(dir, "reviews.csv", new byte[0]));
    refused(
        "is an empty folder",
        dir -> {
          Files.createDirectories(dir.resolve("reviews"));
          return prepare(dir, "reviews");
        });
    refused(
        "holds malformed UTF-8",
        dir -> prepare(dir, "reviews.csv", bytes(GOOD_CSV + "pos,caf\u00e9\n")),
        "--charset=windows-1252");
    shown(
        "is UTF-16, as its byte order mark says",
        "rows =",
        dir -> prepare(dir, "reviews.csv", GOOD_CSV.getBytes(StandardCharsets.UTF_16)));
    refused(
        "is UTF-16 without a byte order mark",
        dir -> prepare(dir, "reviews.csv", GOOD_CSV.getBytes(StandardCharsets.UTF_16LE)),
        "--charset=UTF-16LE");
    refused(
        "is UTF-16 and said to be windows-1252",
        dir ->
            prepare(
                dir,
                "reviews.csv",
                GOOD_CSV.getBytes(StandardCharsets.UTF_16),
                "--charset=windows-1252"),
        "--charset=UTF-16");
    shown(
        "begins with a byte order mark of UTF-8: it is no part of the first column's name",
        "rows =",
        dir -> prepare(dir, "reviews.csv", utf8("\ufeff" + GOOD_CSV)));
    shown(
        "holds NUL characters: they are text",
        "rows =",
        dir -> prepare(dir, "reviews.csv", utf8(GOOD_CSV + "pos,nul \0 here\n")));
    refused(
        "is a 50 MB document on one line",
        dir -> prepare(dir, "texts.txt", utf8("word ".repeat(10_000_000))));
    shown(
        "holds a run of 10⁵ equal characters",
        "rows =",
        dir -> prepare(dir, "reviews.csv", utf8(GOOD_CSV + "pos," + "a".repeat(100_000) + "\n")));
    shown(
        "holds a run of 10⁵ exclamation marks and one of blanks",
        "rows =",
        dir ->
            prepare(
                dir,
                "reviews.csv",
                utf8(GOOD_CSV + "pos," + "!".repeat(100_000) + " ".repeat(100_000) + "x\n")));
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String rows(String header, String form) {
    return IntStream.range(0, 20)
        .mapToObj(i -> form.formatted("a film of number " + i, i % 2 == 0 ? "pos" : "neg") + "\n")
        .collect(Collectors.joining("", header, ""));
  }

  private void kinds() {
    room("What a file is");
    refused(
        "a table of one column whose name is no usual one",
        dir -> prepare(dir, "a.csv", utf8(rows("said\n", "%s"))),
        "--header");
    refused(
        "two columns that could be the text",
        dir -> prepare(dir, "a.csv", utf8(rows("one,two,label\n", "%1$s,%1$s,%2$s"))),
        "--text-column=one,two");
    refused(
        "two columns that could be the label",
        dir -> classify(dir, rows("text,queue,stars\n", "%1$s,%2$s,%2$s"), null),
        "--label-column=queue");
    refused(
        "a column that is not there",
        dir -> prepare(dir, "a.csv", utf8(GOOD_CSV), "--text-column=txt"),
        "--text-column=text");
    refused(
        "two columns of the same name",
        dir -> prepare(dir, "a.csv", utf8(rows("x,x\n", "%s,%s")), "--text-column=x"),
        "--text-column=0");
    refused(
        "a table that commas and semicolons fit equally well",
        dir -> prepare(dir, "a.csv", utf8("a long one;b,c\na long two;e,f\n"), "--no-header"),
        "--separator=;");
    refused(
        "a table in a file that says nothing of it",
        dir -> prepare(dir, "a.txt", utf8(rows("", "%2$s;%1$s"))),
        "--format=csv");
    refused(
        "a JSON array of strings",
        dir -> prepare(dir, "a.json", utf8("[\"a film\", \"another\"]\n")),
        "--format=lines");
    refused(
        "a JSON object over several lines",
        dir -> prepare(dir, "a.json", utf8("{\n \"data\": [\n  {\"text\": \"a\"}]\n}\n")));
    refused(
        "a web page",
        dir -> prepare(dir, "a.txt", utf8("<!DOCTYPE html>\n<p>a film\n")),
        "--format=lines");
    refused("an Excel workbook", dir -> prepare(dir, "a.xlsx", utf8("PK\3\4\0\0")));
    refused("a Parquet file", dir -> prepare(dir, "a.parquet", utf8("PAR1\0\0")));
    refused(
        "lines that are asked for columns",
        dir -> prepare(dir, "a.txt", utf8("a film\nand another\n"), "--text-column=0"),
        "--format=csv");
    refused(
        "texts to label, an archive",
        dir -> {
          Path file = Files.write(dir.resolve("new.tar.gz"), goodArchive(Map.of()));
          return List.of("predict", "" + TinyRun.get().classifier(), "" + file);
        });
    refused(
        "texts to label, in two columns where the model was trained on one",
        dir -> {
          Path file = Files.writeString(dir.resolve("new.csv"), "title,body\na film,it was good\n");
          return List.of(
              "predict", "" + TinyRun.get().classifier(), "" + file, "--text-column=title,body");
        },
        "--text-column=body");
  }

  private void tables() {
    room("Rows");
    refused("CSV, a field too few", dir -> prepare(dir, "a.csv", utf8(GOOD_CSV + "pos\n")), SKIP);
    refused(
        "CSV, a field too many",
        dir -> prepare(dir, "a.csv", utf8(GOOD_CSV + "pos,well, well\n")),
        SKIP);
    refused(
        "CSV, a quote that is not closed",
        dir -> prepare(dir, "a.csv", utf8(GOOD_CSV + "pos,\"and so on\nneg,to the end\n")));
    refused(
        "CSV, a field of 100 MB",
        dir -> prepare(dir, "a.csv", utf8(GOOD_CSV + "pos," + "word ".repeat(20_000_000) + "\n")));
    refused("CSV, an empty text", dir -> prepare(dir, "a.csv", utf8(GOOD_CSV + "pos,\n")), SKIP);
    shown(
        "the same with `--on-bad-row skip`; the row stands in `rejected.jsonl`",
        "rows =",
        dir -> prepare(dir, "a.csv", utf8(GOOD_CSV + "pos,\n"), "--on-bad-row=skip"));
    refused(
        "JSONL, a broken line", dir -> prepare(dir, "a.jsonl", utf8(jsonl("{\"text\": "))), SKIP);
    refused(
        "JSONL, a key twice",
        dir -> prepare(dir, "a.jsonl", utf8(jsonl("{\"text\": \"a\", \"text\": \"b\"}"))),
        SKIP);
    for (String value : List.of("NaN", "-Infinity", "None", "'pos'")) {
      refused(
          "JSONL, the label " + value,
          dir ->
              prepare(dir, "a.jsonl", utf8(jsonl("{\"text\": \"c\", \"label\": " + value + "}"))),
          SKIP);
    }
    refused(
        "JSONL, nested 100,000 deep",
        dir ->
            prepare(
                dir,
                "a.jsonl",
                utf8(jsonl("{\"text\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}"))),
        SKIP);
    refused(
        "JSONL, a line that is no object",
        dir -> prepare(dir, "a.jsonl", utf8(jsonl("[1]"))),
        SKIP);
    refused(
        "JSONL, a number of 100,000 digits",
        dir -> prepare(dir, "a.jsonl", utf8(jsonl("{\"text\": " + "9".repeat(100_000) + "}"))),
        SKIP);
    refused(
        "a JSON array that is cut short",
        dir -> prepare(dir, "a.json", utf8("[{\"text\": \"a b\"},\n {\"text\": \"c\"")));
    refused(
        "a table whose header comes again in the middle",
        dir -> prepare(dir, "a.csv", utf8(GOOD_CSV + GOOD_CSV)),
        SKIP);
  }

  private static String jsonl(String last) {
    return "{\"text\": \"a film\", \"label\": \"pos\"}\n{\"text\": \"b\", \"label\": \"neg\"}\n"
        + last
        + "\n";
  }

  private void archives() {
    room("Archives");
    refused("`.tar.gz`, cut short", dir -> prepare(dir, "a.tar.gz", half(goodArchive(Map.of()))));
    refused(
        "`.csv.gz`, cut short",
        dir -> prepare(dir, "a.csv.gz", half(Tarball.gzip(utf8(GOOD_CSV.repeat(100))))));
    refused(
        "texts to label, `.csv.gz` cut short",
        dir -> {
          byte[] rows = Tarball.gzip(utf8("text\n" + "a film\n".repeat(10_000)));
          Path file = Files.write(dir.resolve("new.csv.gz"), Arrays.copyOf(rows, 20));
          return List.of("predict", "" + TinyRun.get().classifier(), "" + file);
        });
    refused("`.gz` that is none", dir -> prepare(dir, "a.tar.gz", bytes("\u001f\u008bno gzip")));
    refused(
        "`.tar.gz`, a name that climbs out",
        dir -> prepare(dir, "a.tar.gz", goodArchive(Map.of("../../pos/9.txt", "out"))));
    shown(
        "`.tar.gz`, a link to a file outside: it is not followed",
        "ignored",
        dir -> prepare(dir, "a.tar.gz", goodArchive(Map.of("pos/9.txt", "-> /etc/passwd"))));
    refused(
        "`.tar.gz`, a folder without a name for its label",
        dir -> prepare(dir, "a.tar.gz", goodArchive(Map.of(" /9.txt", "a film"))),
        SKIP);
    refused(
        "`.tar.gz`, 70 MB of blanks in a file of 70 kB",
        dir -> prepare(dir, "a.tar.gz", goodArchive(Map.of("pos/9.txt", " ".repeat(70 << 20)))));
  }

  private static byte[] goodArchive(Map<String, String> others) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < 8; i++) {
      files.put((i % 2 == 0 ? "pos/" : "neg/") + i + ".txt", "film number " + i);
    }
    files.putAll(others);
    return Tarball.gz(files);
  }

  private void prepared() {
    room("Prepared data");
    settings("a store that is elsewhere", "\"lm/train.tokens\"", "\"../../secret\"");
    prepared(
        "a token of no word",
        prepared -> {
          Path store = prepared.resolve("lm/train.tokens");
          byte[] bytes = Files.readAllBytes(store);
          bytes[10] = 1; // of the first token, 65,536 more
          Files.write(store, bytes);
        });
    prepared("a store is missing", prepared -> Files.delete(prepared.resolve("lm/valid.tokens")));
    prepared(
        "another vocabulary", prepared -> replace(prepared.resolve("vocab.txt"), "film", "firm"));
    settings("without labels", "\"labels\" : [ \"neg\", \"pos\" ]", "\"labels\" : null");
    settings("of another format", "\"formatVersion\" : 3", "\"formatVersion\" : 2");
  }

  private void settings(String what, String from, String to) {
    prepared(what, prepared -> replace(prepared.resolve("prepared.json"), from, to));
  }

  private void prepared(String what, Damage damage) {
    refused(
        what,
        dir -> {
          Cli.run(prepare(dir, "reviews.csv", utf8(GOOD_CSV)).toArray(String[]::new)).ok();
          damage.to(dir.resolve("prepared"));
          return languageModel(dir);
        });
  }

  private void labels() {
    room("Labels");
    refused(
        "one class only",
        dir -> classify(dir, "pos,a\npos,b\npos,c\npos,d\n", null),
        "--label-column=1");
    refused(
        "one document of each label",
        dir -> {
          Files.writeString(dir.resolve("valid.csv"), GOOD_CSV);
          return classify(dir, "label,text\npos,a\nneg,b\n", null);
        },
        "--valid={dir}/valid.csv");
    refused(
        "two documents of each label",
        dir -> classify(dir, "label,text\npos,a\nneg,b\npos,c\nneg,d\n", null),
        "--set=corpus.testFraction=0");
    refused("no labels at all", dir -> classify(dir, "text\na film\nanother\nand one\n", null));
    refused(
        "a class in test that training has not",
        dir -> classify(dir, GOOD_CSV, "label,text\npos,a film\nmixed,a film\n"),
        SKIP);
    refused(
        "two classes in test that training has not",
        dir -> classify(dir, GOOD_CSV, "label,text\npos,a film\nmixed,a film\nso so,a film\n"),
        SKIP);
    refused(
        "a class without a training example: all of it is in the validation file",
        dir -> {
          Path valid = Files.writeString(dir.resolve("valid.csv"), "label,text\nmixed,so so\n");
          return Stream.concat(
                  classify(dir, GOOD_CSV, null).stream(), Stream.of("--valid=" + valid))
              .toList();
        },
        SKIP);
    refused(
        "a label that a terminal would obey, in test alone",
        dir -> classify(dir, GOOD_CSV, "label,text\npos,a film\n\"\u001b[2J\nx\",a film\n"),
        SKIP);
    refused(
        "more than 10,000 labels",
        dir -> {
          String rows =
              IntStream.range(0, 20_002)
                  .mapToObj(i -> "class " + i / 2 + ",a film " + i % 2 + "\n")
                  .collect(Collectors.joining("", "label,text\n", ""));
          List<String> command = classify(dir, rows, null);
          command.add("--set=classifier.batchSize=2000"); // the remedy trains on all of them
          return command;
        },
        "--label-column=1");
  }

  private void severalLabels() {
    room("Several labels in a row");
    String cells = "text,labels\na film,joy;love\na book,joy\na play,love\n";
    String flags = "text,toxic,insult\na film,1,0\na book,0,1\na play,0,0\n";
    refused(
        "nothing between two separators",
        dir -> prepare(dir, "a.csv", utf8(cells + "a song,joy;;love\n"), "--label-separator=;"),
        SKIP);
    refused(
        "a column of 0 and 1 that holds 2",
        dir -> prepare(dir, "a.csv", utf8(flags + "a song,2,0\n"), "--label-columns=toxic,insult"),
        SKIP);
    refused(
        "rows that nobody labelled, marked by -1",
        dir ->
            prepare(dir, "a.csv", utf8(flags + "a song,-1,-1\n"), "--label-columns=toxic,insult"),
        SKIP);
    refused(
        "a label column that is not there",
        dir -> prepare(dir, "a.csv", utf8(flags), "--label-columns=toxic,insults"),
        "--label-columns=toxic,insult");
    refused(
        "two labels where a row has one",
        dir ->
            prepare(
                dir,
                "a.jsonl",
                utf8(jsonl("{\"text\": \"c\", \"labels\": [\"pos\", \"neg\"]}")),
                "--task=single"),
        SKIP);
    refused(
        "a list in which a label holds the separator",
        dir ->
            prepare(
                dir,
                "a.jsonl",
                utf8(jsonl("{\"text\": \"c\", \"labels\": [\"good, fine\", \"neg\"]}")),
                "--label-separator=,"),
        SKIP);
    refused(
        "`--task single` with a separator of labels",
        dir -> prepare(dir, "a.csv", utf8(cells), "--label-separator=;", "--task=single"),
        "--task=multi");
    refused(
        "lines, and a separator of labels",
        dir -> prepare(dir, "a.txt", utf8("a film\na book\n"), "--label-separator=;"),
        "--format=csv");
    refused(
        "a separator that no label holds, where another one is in them",
        dir -> prepare(dir, "a.csv", utf8(cells), "--label-separator=,"),
        "--label-separator=;");
    refused(
        "a list that a program printed, where nobody said what it is",
        dir -> prepare(dir, "a.csv", utf8(cells + "a song,\"['joy', 'love']\"\n")),
        "--task=single");
    refused(
        "a list that a program printed, for several labels",
        dir ->
            prepare(
                dir, "a.csv", utf8(cells + "a song,\"['joy', 'love']\"\n"), "--label-separator=;"),
        SKIP);
    refused(
        "an object of labels",
        dir -> prepare(dir, "a.jsonl", utf8(jsonl("{\"text\": \"c\", \"label\": {\"pos\": 1}}"))),
        SKIP);
    refused(
        "fastText labels without a blank between them",
        dir -> prepare(dir, "a.txt", utf8("__label__a,__label__b c\n__label__b a\n__label__a b\n")),
        SKIP);
    refused("an index beyond the names", dir -> named(dir, "joy\nlove\n", "a song,2\n"), SKIP);
    refused("a name instead of an index", dir -> named(dir, "joy\nlove\n", "a song,joy\n"), SKIP);
    refused("a file of names that is empty", dir -> named(dir, "", ""));
    refused("a file of names with a blank line", dir -> named(dir, "joy\n\nlove\n", ""));
    refused("a file of names with one twice", dir -> named(dir, "joy\nlove\njoy\n", ""));
    refused(
        "a file of names of which one holds the separator", dir -> named(dir, "joy\na;b\n", ""));
    refused(
        "the standardisation of the lesson, which is for one label a row",
        dir ->
            prepare(
                dir,
                "a.csv",
                utf8(cells),
                "--label-separator=;",
                "--set=corpus.standardise=lesson"),
        "--set=corpus.standardise=plain");
  }

  /** A table of indices with the names that they stand for. */
  private static List<String> named(Path dir, String names, String row) throws IOException {
    Path file = Files.writeString(dir.resolve("names.txt"), names);
    String rows = "text,labels\na film,0;1\na book,0\na play,1\n" + row;
    return prepare(dir, "a.csv", utf8(rows), "--label-separator=;", "--label-names=" + file);
  }

  private static List<String> languageModel(Path dir) {
    List<String> command = new ArrayList<>(List.of("lm-finetune", "" + dir.resolve("prepared")));
    command.addAll(List.of("--from-scratch", "--quiet", "--out=" + dir.resolve("run")));
    command.addAll(TinyRun.SIZES);
    return command;
  }

  private static List<String> classify(Path dir, String train, String test) throws IOException {
    List<String> command = new ArrayList<>(List.of("classify"));
    command.add("" + Files.writeString(dir.resolve("reviews.csv"), train));
    if (test != null) {
      command.add("--test=" + Files.writeString(dir.resolve("test.csv"), test));
    }
    command.add("--encoder=" + TinyRun.get().lm());
    command.add("--out=" + dir.resolve("run"));
    command.addAll(TinyRun.SIZES);
    return command;
  }

  private void recipes() {
    room("Recipes");
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String one = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", List.of(one, one, one))));
    }
    recipe("aliases that explode", bomb.toString());
    recipe("a type tag", "seed: !!javax.script.ScriptEngineManager [x]\n");
    recipe("an unknown key", "sed: 7\n");
    recipe("a key twice", "seed: 7\nseed: 8\n");
    recipe("a value out of bounds", "lm: {batchSize: -1}\n");
    recipe("nested 10,000 deep", "seed: " + "[".repeat(10_000) + "\n");
  }

  private void recipe(String what, String yaml) {
    refused(
        what,
        dir -> {
          Path file = Files.writeString(dir.resolve("recipe.yaml"), yaml);
          return prepare(dir, "reviews.csv", utf8(GOOD_CSV), "--config=" + file);
        });
  }
}
