package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Expectation.Labels;

/** What files are taken for, and which are refused with what remedy: a table. */
class LayoutTest {
  private static final String BY_CONTENTS =
      " (by what they hold; --text-column and --label-column say otherwise)";

  @TempDir Path dir;

  /**
   * @param content of the file
   * @param says the line told, or a part of the refusal that begins with "refused: "
   */
  private record Case(String name, String content, String says) {}

  /** Twelve rows: a header, if any, and rows made of a sentence and a label. */
  private static String rows(String header, String form, Object... labels) {
    StringBuilder text = new StringBuilder(header);
    for (int i = 0; i < 12; i++) {
      text.append(
              form.formatted(
                  "the film number " + i + " was fine",
                  labels.length == 0 ? "" : labels[i % labels.length],
                  i))
          .append('\n');
    }
    return text.toString();
  }

  private static final List<Case> CASES =
      List.of(
          // a label and a list of labels
          new Case(
              "a.jsonl",
              rows(
                  "",
                  "{\"text\":\"%1$s\",\"label\":\"%2$s\",\"labels\":[\"%2$s\",\"z\"]}",
                  "x",
                  "y"),
              "refused: which column is the label? label, labels could be"),
          // usual names
          new Case(
              "a.csv",
              rows("text,label\n", "%s,%s", "x", "y"),
              "CSV, commas, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.csv",
              rows("Label;Text\n", "%2$s;%1$s", "x", "y"),
              "CSV, semicolons, header; text = \"Text\", label = \"Label\"; 12 rows"),
          new Case(
              "a.csv",
              rows("review|sentiment\n", "%s|%s", "x", "y"),
              "CSV, pipes, header; text = \"review\", label = \"sentiment\"; 12 rows"),
          new Case(
              "a.txt",
              rows("id\ttext\tlabel\n", "%3$s\t%1$s\t%2$s", "x", "y"),
              "TSV, tabs, header; text = \"text\", label = \"label\", id = \"id\"; 12 rows"),
          new Case(
              "a.csv",
              rows(",text,stars\n", "%3$s,%1$s,%2$s", 1, 5),
              "CSV, commas, header; text = \"text\", label = \"stars\", ignored: 0"
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.csv",
              rows("text,label,label_text\n", "%s,%s,z", 0, 1),
              "CSV, commas, header; text = \"text\", label = \"label\", ignored: label_text; 12 rows"),
          new Case(
              "a.csv",
              rows("title,body,label\n", "a title,%s,%s", 0, 1),
              "CSV, commas, header; text = \"body\", label = \"label\", ignored: title; 12 rows"),
          new Case(
              "a.csv",
              rows("text\n", "%s"),
              "CSV, commas, header; text = \"text\", label = none; 12 rows"),
          new Case(
              "a.csv",
              rows("Review\n", "%s"),
              "CSV, commas, header; text = \"Review\", label = none; 12 rows"),
          // unusual names
          new Case(
              "a.csv",
              rows("Department Name,Review Text\n", "%2$s,%1$s", "Tops", "Trend"),
              "CSV, commas, header; text = \"Review Text\", label = \"Department Name\""
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.csv",
              rows("what_they_said,queue\n", "%s,%s", "Tops", "Trend"),
              "CSV, commas, header; text = \"what_they_said\", label = \"queue\""
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.csv",
              rows("Department,Review Text,Rating\n", "%2$s,%1$s,%2$s", "Tops", "Trend"),
              "refused: which column is the label? Department, Rating could be"),
          new Case(
              "a.csv",
              rows("0,1\n", "%s,%s", "Tops", "Trend"),
              "CSV, commas, header; text = \"0\", label = \"1\"" + BY_CONTENTS + "; 12 rows"),
          new Case(
              "a.csv",
              rows("first,second\n", "%1$s,%1$s"),
              "refused: which column is the text? its columns are first, second; name it with --text-column, and the label with --label-column"),
          new Case(
              "a.csv",
              rows("question,sentence,label\n", "%1$s,%1$s,%2$s", 0, 1),
              "refused: which column is the text? its columns question, sentence could be"),
          new Case(
              "a.csv",
              rows("said\n", "%s"),
              "refused: does its first row (said) name the columns? Say --header or --no-header"),
          new Case(
              "a.csv",
              "utterance_x,intent_x\nhello,greet\nbye,leave\n",
              "refused: does its first row (utterance_x, intent_x) name the columns?"),
          // no header
          new Case(
              "a.csv",
              rows("", "%2$s,%1$s", "question", "statement"),
              "CSV, commas, no header; text = 1, label = 0" + BY_CONTENTS + "; 12 rows"),
          new Case(
              "a.csv",
              rows("", "%1$s,%2$s", "message", "comment"),
              "CSV, commas, no header; text = 0, label = 1" + BY_CONTENTS + "; 12 rows"),
          new Case(
              "a.csv",
              "question,where does the bus stop today\nstatement,it stops here now\n",
              "CSV, commas, no header; text = 1, label = 0" + BY_CONTENTS + "; 2 rows"),
          new Case(
              "a.csv",
              rows("", "%2$s,\"Some title, here\",%1$s", 1, 2),
              "CSV, commas, no header; text = 2, label = none, ignored: 0, 1"
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.csv",
              rows("", "%2$s,the title of %3$s story,%1$s", 1, 2),
              "CSV, commas, no header; text = 2: 1 + 2, label = 0" + BY_CONTENTS + "; 12 rows"),
          new Case(
              "a.csv",
              rows("", "%2$s,the title of %3$s story,%1$s", "x", "y"),
              "refused: which column is the text? it has 3 columns and no header"),
          new Case(
              "a.csv", rows("", "%s"), "CSV, commas, no header; text = 0, label = none; 12 rows"),
          // dialects
          new Case(
              "a.csv",
              "sep=;\n" + rows("text;label\n", "%s;%s", "x", "y"),
              "CSV, semicolons, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.csv",
              "\"sep=|\"\r\n" + rows("text|label\n", "%s|%s", "x", "y"),
              "CSV, pipes, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.csv",
              rows("text;label\n", "well, %s, or not;%s", "x", "y"),
              "CSV, semicolons, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.csv",
              rows("text,label\n", "\"they said \\\"%s\\\", twice\",%s", "x", "y"),
              "CSV, commas, quotes escaped by backslashes, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.csv",
              rows("text,label\n", "%s,%s", "x", "y").replace('\n', '\r'),
              "CSV, commas, rows end with carriage returns, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.tsv",
              rows("text\tlabel\n", "\"%s\"\t%s", "x", "y"),
              "TSV, tabs, quoted, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.tsv",
              rows("text\tlabel\n", "%s\t%s", "x", "y").replace("number 3", "\"number\" 3"),
              "TSV, tabs, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.tsv",
              rows("text\tlabel\n", "%s\t%s", "x", "y").replaceFirst("the film", "\"Film\""),
              "TSV, tabs, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.csv",
              "a;b,c\nd;e,f\n",
              "refused: separated by commas (2 columns) or semicolons (2 columns)? Say --separator ',' or ';'"),
          new Case(
              "a.csv",
              "\"x\" y,z\n",
              "refused: row 1: text after the closing quote of column 1; mend the quotes"),
          // lines, or not
          new Case(
              "a.txt",
              "The film was good, and long.\nIt was cold, and dark.\nWell, no.\nSo, yes.\nNo, it is.\n",
              "lines, a text each"),
          new Case(
              "a.txt",
              rows("", "%s,%s", "x", "y"),
              "refused: each of its first 12 lines has 2 columns separated by commas: say --format csv if it is a table, or --format lines"),
          new Case(
              "a.txt",
              rows("utt;who\n", "%s;%s", "x", "y"),
              "refused: each of its first 13 lines has 2 columns separated by semicolons"),
          new Case(
              "a.txt",
              rows("text;label\n", "%s;%s", "x", "y"),
              "CSV, semicolons, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.txt",
              "one\ttab here\nnone there\nnor here\nnor in this line\n",
              "lines, a text each"),
          new Case("a.txt", "[Verse 1]\nYesterday all my troubles\n", "lines, a text each"),
          new Case("a.txt", "{smiling} hello\n", "lines, a text each"),
          new Case("a", "__label__x good\n__label__y bad\n", "fastText lines"),
          new Case("a.csv", "good film __label__x\nbad film __label__y\n", "fastText lines"),
          new Case(
              "a.txt",
              " = Anarchism = \n\nIt is a philosophy.\n",
              "articles, each begun by its title"),
          new Case("a.txt", "<?xml version=\"1.0\"?>\n<a>x</a>\n", "refused: XML or HTML"),
          new Case("a.html", "<!DOCTYPE html><p>x\n", "refused: XML or HTML"),
          new Case(
              "a.csv",
              "PK\3\4...",
              "refused: a ZIP archive or an Excel workbook; unpack it, or save it as CSV"),
          new Case("a.parquet", "PAR1...", "refused: a Parquet file"),
          // one bad row does not make another table of it
          new Case(
              "a.tsv",
              rows("id\ttext\tlabel\n", "%3$s\t%1$s\t%2$s", "x", "y") + "1\tone\ttoo\tmany\n",
              "TSV, tabs, header; text = \"text\", label = \"label\", id = \"id\"; 13 rows"),
          new Case(
              "a.csv",
              rows("id;text;label\n", "%3$s;%1$s;%2$s", "x", "y") + "1;one;too;many\n",
              "CSV, semicolons, header; text = \"text\", label = \"label\", id = \"id\"; 13 rows"),
          new Case(
              "a.txt",
              rows("text,label\n", "%s,%s", "x", "y") + "a \"film\" here,x\n",
              "CSV, commas, header; text = \"text\", label = \"label\"; 13 rows"),
          new Case(
              "a.tsv",
              "text\nwell, it was good\nno, it was, not\n",
              "TSV, tabs, header; text = \"text\", label = none; 2 rows"),
          // fastText's labels within other files
          new Case(
              "a.csv",
              rows("text,label\n", "%s,%s", "x", "y") + "lines start with __label__x,y\n",
              "CSV, commas, header; text = \"text\", label = \"label\"; 13 rows"),
          new Case(
              "a.csv",
              rows("label,text\n", "__label__%2$s,%1$s", "x", "y"),
              "CSV, commas, header; text = \"text\", label = \"label\"; 12 rows"),
          new Case(
              "a.txt",
              "A film.\nAnother one.\nAnd one more.\nLines end with __label__x\n",
              "refused: 1 of its first 4 lines begin or end with __label__: say --format fasttext"),
          // odd headers
          new Case(
              "a.csv",
              rows("v1,v2,,,\n", "%2$s,%1$s,,,", "ham", "spam"),
              "CSV, commas, header; text = \"v2\", label = \"v1\", ignored: 2, 3, 4"
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.tsv",
              rows("#label\t#text\n", "%2$s\t%1$s", "x", "y"),
              "TSV, tabs, header; text = \"#text\", label = \"#label\"; 12 rows"),
          new Case(
              "a.csv",
              rows("'text','label'\n", "%s,%s", "x", "y"),
              "CSV, commas, header; text = \"'text'\", label = \"'label'\"; 12 rows"),
          new Case(
              "a.csv",
              rows("Nr.,Kommentar,Note\n", "%3$s,%1$s,%2$s", 1, 2),
              "CSV, commas, header; text = \"Kommentar\", label = \"Note\", ignored: Nr."
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.csv",
              rows("Text,Is it spam?\n", "%s,%s", 0, 1),
              "CSV, commas, header; text = \"Text\", label = \"Is it spam?\""
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.csv",
              "# exported by bob\n" + rows("text,label\n", "%s,%s", "x", "y"),
              "refused: row 2 (text, label) looks like the header; remove what stands above it"),
          new Case(
              "a.md",
              "| text | label |\n|---|---|\n| a film | x |\n| one more | y |\n",
              "refused: a Markdown table"),
          new Case(
              "a.csv",
              "\"text,label\"\n\"a long film,x\"\n\"and another,y\"\n",
              "refused: each row is quoted as a whole (text,label)"),
          new Case(
              "a.txt",
              "review\nI loved this cafe\nthe phone broke after a day\n",
              "refused: is its first line (review) the name of a column? Say --format csv if it is"),
          new Case(
              "a.txt",
              rows("", "%s; %s", "pos", "neg"),
              "refused: each of its first 12 lines has 2 columns separated by semicolons"),
          // what is no label, and no text
          new Case(
              "a.csv",
              rows("date,text\n", "2020-01-0%2$s,%1$s", 1, 2),
              "CSV, commas, header; text = \"text\", label = none, ignored: date; 12 rows"),
          new Case(
              "a.csv",
              rows("user_id,text\n", "%2$s,%1$s", 7, 8),
              "CSV, commas, header; text = \"text\", label = none, ignored: user_id; 12 rows"),
          new Case(
              "a.csv",
              rows("source,text\n", "web,%1$s"),
              "CSV, commas, header; text = \"text\", label = none, ignored: source; 12 rows"),
          new Case(
              "a.csv",
              rows("text,label,sentence\n", "%3$s,%2$s,%1$s", "x", "y"),
              "CSV, commas, header; text = \"sentence\", label = \"label\", ignored: text; 12 rows"),
          new Case(
              "a.csv",
              rows("post,comment,label\n", "%1$s,,%2$s", "x", "y"),
              "CSV, commas, header; text = \"post\", label = \"label\", ignored: comment"
                  + BY_CONTENTS
                  + "; 12 rows"),
          new Case(
              "a.csv",
              rows("text,label,sentiment\n", "%1$s,,%2$s", "x", "y"),
              "CSV, commas, header; text = \"text\", label = \"sentiment\", ignored: label; 12 rows"),
          // brackets
          new Case(
              "a.txt",
              "[1] A. Author, Some title\n[2] B. Other, Its title\n",
              "lines, a text each"),
          new Case("a.txt", "{} is the empty set\nand so on\n", "lines, a text each"),
          // JSON
          new Case(
              "a.json",
              "{\"text\":\"x\",\"label\":\"p\"}\n{\"text\":\"y\"}\n",
              "JSON lines; text = \"text\", label = \"label\"; 2 rows"),
          new Case(
              "a.txt",
              "{\"id\":1,\"data\":{\"text\":\"x y z\"},\"label\":\"p\"}\n",
              "JSON lines; text = \"data.text\", label = \"label\", id = \"id\"; 1 row"),
          new Case(
              "a.csv", "{\"text\":\"x\"}\n", "JSON lines; text = \"text\", label = none; 1 row"),
          new Case(
              "a.jsonl",
              "[{\"text\":\"x\",\"label\":true}]",
              "a JSON array; text = \"text\", label = \"label\"; 1 row"),
          new Case(
              "a.json",
              "\n[\n {\n  \"text\": \"x\"\n }\n]\n",
              "a JSON array; text = \"text\", label = none; 1 row"),
          new Case(
              "a.txt", "[{\"text\":\"x\"}]", "a JSON array; text = \"text\", label = none; 1 row"),
          new Case(
              "a.txt", "[\"one text\", \"another\"]", "refused: a JSON array, but not of objects"),
          new Case(
              "a.json",
              "{\n \"data\": [\n  {\"text\": \"x\"}\n ]\n}\n",
              "refused: a JSON object over several lines, not JSON lines"),
          new Case(
              "a.json",
              "\"a string\"\n",
              "refused: named .json, but it begins with neither { nor ["),
          new Case(
              "a.jsonl",
              "{\"content_x\":\"a b c d\",\"date\":3}\n",
              "JSON lines; text = \"content_x\", label = none, ignored: date; 1 row"),
          new Case(
              "a.jsonl",
              "{\"a\":\"a b c d\",\"b\":\"e f g h\"}\n",
              "refused: which column is the text? its columns are a, b; name it with --text-column"),
          new Case(
              "a.jsonl", "{\"n\":1}\n", "refused: which column is the text? its columns are n"));

  @TestFactory
  List<DynamicTest> whatFilesAreTakenFor() {
    return IntStream.range(0, CASES.size())
        .mapToObj(
            i -> DynamicTest.dynamicTest(i + " " + CASES.get(i).says, () -> check(CASES.get(i))))
        .toList();
  }

  private void check(Case one) throws IOException {
    Path file = Files.writeString(dir.resolve(one.name), one.content);
    Labels labels =
        one.says.contains("which column is the label") ? Labels.REQUIRED : Labels.OPTIONAL;
    if (!one.says.startsWith("refused: ")) {
      CorpusReader corpus =
          CorpusReader.open(Corpus.at(file, CorpusOptions.defaults()), Expectation.of(labels));
      assertEquals(List.of(file + ": " + one.says), corpus.found());
      return;
    }
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () ->
                CorpusReader.open(
                    Corpus.at(file, CorpusOptions.defaults()), Expectation.of(labels)));
    assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
    String said = e.getMessage().substring((file + ": ").length());
    assertTrue(said.startsWith(one.says.substring("refused: ".length())), said);
    assertFalse(said.contains("fasterxml") || said.contains("Feature"), said);
  }
}
