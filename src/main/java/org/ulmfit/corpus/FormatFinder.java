package org.ulmfit.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;

/**
 * Finds out the format of a file: what it holds decides, its name where that leaves it open. What
 * is evidently something else than lines of text is never read as lines.
 */
final class FormatFinder {
  private static final int TAR_MAGIC_AT = 257;

  /** One equals sign: two and more are headings within an article. */
  static final Pattern ARTICLE_TITLE = Pattern.compile(" ?= [^=].* = ?");

  /** A label of fastText's in a column of its own: a table. */
  private static final Pattern LABEL_CELL = Pattern.compile("^\"?__label__[^\\s,;|]+\"?[,;|\t]");

  private static final Pattern MARKUP =
      Pattern.compile("(?is)<\\?xml\\b.*|<!doctype\\b.*|<html\\b.*");

  /** So many lines with as many separators each are no accident; commas stand in prose, too. */
  private static final int EVEN_ROWS = 3;

  private static final int EVEN_COMMAS = 5;

  private record Magic(String start, String what) {}

  private static final List<Magic> MAGIC =
      List.of(
          new Magic("PK\3\4", "a ZIP archive or an Excel workbook; unpack it, or save it as CSV"),
          new Magic(
              "\u00d0\u00cf\u0011\u00e0", "an old Excel or Word file; save it as CSV or text"),
          new Magic("PAR1", "a Parquet file; write it as CSV or JSON lines"),
          new Magic("ARROW1", "an Arrow file; write it as CSV or JSON lines"),
          new Magic("Obj\1", "an Avro file; write it as CSV or JSON lines"),
          new Magic("SQLite format 3", "a database; export its table as CSV"),
          new Magic("%PDF-", "a PDF file; save its text"),
          new Magic("{\\rtf", "an RTF file; save it as text"),
          new Magic("BZh", "packed by bzip2; unpack it, or pack it by gzip"),
          new Magic("\u00fd7zXZ", "packed by xz; unpack it, or pack it by gzip"),
          new Magic("(\u00b5/\u00fd", "packed by zstd; unpack it, or pack it by gzip"),
          new Magic("7z\u00bc\u00af", "a 7z archive; unpack it"),
          new Magic("\u0093NUMPY", "a NumPy file; write it as text"));

  private final String file;
  private final String shortName;
  private final String head;
  private final boolean whole;

  /**
   * @param shortName last part of the file's name, in lower case and without {@code .gz}
   * @param head the start of the input
   */
  FormatFinder(String file, String shortName, String head, boolean whole) {
    this.file = file;
    this.shortName = shortName;
    this.head = head;
    this.whole = whole;
  }

  /** Whether the bytes are a tar archive. */
  static boolean isTar(byte[] head) {
    return start(head).startsWith("ustar", TAR_MAGIC_AT);
  }

  /** Refuses files of other programs. */
  static void refuseForeign(String file, byte[] head) {
    String start = start(head);
    for (Magic magic : MAGIC) {
      if (start.startsWith(magic.start)) {
        throw UlmfitException.badData(file + ": " + magic.what);
      }
    }
  }

  /** Whether a file's name says that tabs separate its columns. */
  static boolean saysTabs(String shortName) {
    return shortName.endsWith(".tsv") || shortName.endsWith(".tab");
  }

  private static String start(byte[] head) {
    return new String(head, 0, Math.min(head.length, 512), StandardCharsets.ISO_8859_1);
  }

  /** The format of text. */
  Format find() {
    String start = head.stripLeading();
    Format json = json(start);
    if (json != null) {
      return json;
    }
    if (MARKUP.matcher(start).lookingAt()) {
      throw UlmfitException.badData(
          file
              + ": XML or HTML; write its texts as CSV or JSON lines, or say --format lines to read"
              + " each line as a text");
    }
    List<String> lines = head.lines().filter(line -> !line.isBlank()).limit(400).toList();
    DialectFinder dialects = new DialectFinder(head, whole);
    boolean table = dialects.named() != null || dialects.hasKnownHeader();
    boolean named = shortName.endsWith(".csv") || saysTabs(shortName);
    if (!table && isFastText(lines, named)) {
      return Format.FASTTEXT;
    }
    if (!lines.isEmpty() && ARTICLE_TITLE.matcher(lines.get(0)).matches()) {
      return Format.ARTICLES;
    }
    if (shortName.endsWith(".csv")) {
      return Format.CSV;
    }
    if (saysTabs(shortName)) {
      return Format.TSV;
    }
    return table ? Format.CSV : linesOrTable(lines, dialects);
  }

  /** Whether lines have fastText's labels; where only some have, nobody can tell. */
  private boolean isFastText(List<String> lines, boolean named) {
    long labelled = lines.stream().filter(LineRows::hasFastTextLabel).count();
    long cells = lines.stream().filter(line -> LABEL_CELL.matcher(line).find()).count();
    if (labelled == 0 || 2 * cells > labelled || named && 2 * labelled < lines.size()) {
      return false;
    }
    if (2 * labelled < lines.size()) {
      throw UlmfitException.badData(
          file
              + ": "
              + labelled
              + " of its first "
              + lines.size()
              + " lines begin or end with __label__: say --format fasttext if these are labels, or"
              + " --format lines");
    }
    return true;
  }

  /** Null if it is none. */
  private @Nullable Format json(String start) {
    boolean lines = shortName.endsWith(".jsonl") || shortName.endsWith(".ndjson");
    boolean text = !lines && !shortName.endsWith(".json") && goesOnAsText(start);
    if (text) {
      return null;
    }
    if (start.startsWith("[") && startsJson(start, lines || shortName.endsWith(".json"))) {
      return Format.JSON;
    }
    if (lines) {
      return Format.JSONL;
    }
    boolean named = shortName.endsWith(".json");
    if (start.startsWith("{") && (named || startsJson(start, false))) {
      refuseOneObject(start);
      return Format.JSONL;
    }
    if (named && !start.isEmpty()) {
      throw UlmfitException.badData(
          file
              + ": named .json, but it begins with neither { nor [; say --format lines, csv or"
              + " another to read it as that");
    }
    return null;
  }

  /** Whether a value of JSON ends within the first line and words follow: {@code [1] A. Author}. */
  private static boolean goesOnAsText(String start) {
    String first = start.lines().findFirst().orElse("");
    if (!first.startsWith("[") && !first.startsWith("{")) {
      return false;
    }
    try (JsonParser parser = JsonValue.FACTORY.createParser(first)) {
      parser.nextToken();
      parser.skipChildren();
      boolean closed =
          parser.currentToken() == JsonToken.END_ARRAY
              || parser.currentToken() == JsonToken.END_OBJECT;
      int end = (int) parser.currentTokenLocation().getCharOffset() + 1;
      String rest = closed ? first.substring(Math.min(end, first.length())).strip() : "";
      return !rest.isEmpty() && ",]{[".indexOf(rest.charAt(0)) < 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the first tokens are those of JSON: objects with keys, or an array with values. */
  private boolean startsJson(String start, boolean named) {
    try (JsonParser parser = JsonValue.FACTORY.createParser(start)) {
      boolean array = parser.nextToken() == JsonToken.START_ARRAY;
      JsonToken second = parser.nextToken();
      if (!array) {
        return second == JsonToken.END_OBJECT
            || second == JsonToken.FIELD_NAME && parser.nextToken() != null;
      }
      if (second == JsonToken.START_OBJECT || second == JsonToken.END_ARRAY) {
        return parser.nextToken() != null || second == JsonToken.END_ARRAY;
      }
      parser.skipChildren();
      JsonToken third = parser.nextToken(); // fails for [Verse 1] and the like
      if (third != null) {
        throw UlmfitException.badData(
            file
                + ": a JSON array, but not of objects; give each text as {\"text\": \"...\"}, for"
                + " example with jq '[.[] | {text: .}]', or say --format lines to read each line as"
                + " a text");
      }
      return named;
    } catch (IOException e) {
      return named;
    }
  }

  /** One object over several lines: its texts lie somewhere below. */
  private void refuseOneObject(String start) {
    String first = start.lines().findFirst().orElse("");
    boolean broken = first.length() < start.stripTrailing().length();
    try {
      JsonValue.parse(first);
      return;
    } catch (IOException e) {
      if (!broken && whole) {
        return; // a single bad row
      }
    }
    if (first.strip().length() < 2
        || first.strip().matches("\\{\\s*\"[^\"]*\"\\s*:\\s*[\\[{]?")
        || opensMore(first)) {
      throw UlmfitException.badData(
          file
              + ": a JSON object over several lines, not JSON lines; write one object a line or an"
              + " array of objects, for example with jq -c . or jq '.data'");
    }
  }

  /** Whether a line ends in the middle of an object and nothing else is wrong with it. */
  private static boolean opensMore(String line) {
    try (JsonParser parser = JsonValue.FACTORY.createParser(line)) {
      while (parser.nextToken() != null) {
        // to the end, which comes too early
      }
      return false;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).startsWith("Unexpected end-of-input: expected close");
    }
  }

  /** Lines, unless they have the columns of a table; a comma may be punctuation. */
  private Format linesOrTable(List<String> lines, DialectFinder dialects) {
    if (lines.size() > 1
        && ColumnNames.isText(lines.get(0))
        && lines.get(0).strip().indexOf(' ') < 0) {
      throw UlmfitException.badData(
          file
              + ": is its first line ("
              + lines.get(0).strip()
              + ") the name of a column? Say --format csv if it is, or --format lines if each line is"
              + " a text");
    }
    DialectFinder.Reading tabs = dialects.best('\t', false, false);
    if (tabs.isTable() || mostHaveTabs(lines)) {
      return Format.TSV;
    }
    for (char separator : new char[] {',', ';', '|'}) {
      DialectFinder.Reading reading =
          head.indexOf(separator) < 0 ? null : dialects.best(separator, false, false);
      if (reading == null || !reading.isTable()) {
        continue;
      }
      boolean names = reading.rows().get(0).stream().anyMatch(ColumnNames::isText);
      if (names && (separator != ',' || reading.rows().size() > 1 && !reading.isProse())) {
        return Format.CSV;
      }
      int rows = reading.rows().size();
      boolean quoted = lines.stream().allMatch(line -> line.startsWith("\""));
      boolean even = rows >= (separator == ',' ? EVEN_COMMAS : EVEN_ROWS) && !reading.isProse();
      if (even || quoted && rows > 1) {
        throw UlmfitException.badData(
            file
                + ": each of its first "
                + rows
                + " lines has "
                + reading.width()
                + " columns separated by "
                + Dialect.plural(separator)
                + ": say --format csv if it is a table, or --format lines if each line is a text");
      }
    }
    return Format.LINES;
  }

  private static boolean mostHaveTabs(List<String> lines) {
    long tabs = lines.stream().filter(line -> line.indexOf('\t') > 0).count();
    return lines.size() >= EVEN_ROWS && tabs >= 0.9 * lines.size();
  }
}
