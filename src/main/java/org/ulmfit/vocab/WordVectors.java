package org.ulmfit.vocab;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * A text file of word vectors: a word and its numbers a line, blanks between (GloVe), perhaps under
 * a line with the number of words and of numbers (word2vec, fastText {@code .vec}); plain or in
 * gzip. Read as a stream: what is kept are the words of a vocabulary.
 *
 * @param width numbers of a word, as its first lines say
 */
public record WordVectors(Path file, int width) {
  private static final Pattern HEADER = Pattern.compile("\\d+ (\\d+) ?");
  private static final int LONGEST = 1 << 20; // characters of a line

  /**
   * Looks at the first lines.
   *
   * @throws UlmfitException (bad data) if they are no word vectors
   */
  public static WordVectors open(Path file) {
    try (BufferedReader lines = reader(file)) {
      String first = line(lines, file, 1);
      String second = first == null ? null : line(lines, file, 2);
      if (first == null) {
        throw refused(file, 1, "the file is empty");
      }
      boolean header = HEADER.matcher(first).matches();
      String line = header ? second : first;
      int width = line == null ? 0 : numbers(line);
      if (width < 2) {
        throw refused(file, header ? 2 : 1, "no word with numbers behind it, blanks between");
      }
      return new WordVectors(file, width);
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  /** How many fields behind the first read as numbers, from the last one on. */
  private static int numbers(String line) {
    String[] fields = line.stripTrailing().split(" ");
    int n = 0;
    while (n < fields.length - 1 && isNumber(fields[fields.length - 1 - n])) {
      n++;
    }
    return n;
  }

  private static boolean isNumber(String field) {
    try {
      return Float.isFinite(Float.parseFloat(field));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * What was found.
   *
   * @param words in the file
   * @param found words of the vocabulary that it has
   * @param otherwise words among them that it only has with capital letters
   */
  public record Found(long words, int found, int otherwise) {}

  /**
   * Reads the vectors of a vocabulary's words into a table. A word that the file has in capital
   * letters only gets the first of these, which is the most frequent one.
   *
   * @param table (vocabulary, width), row by row; others' rows stay as they are
   * @param known told for each word whether it got a vector (vocabulary)
   * @throws UlmfitException (bad data) if a line is broken
   */
  public Found into(Vocab vocab, float[] table, boolean[] known) {
    boolean[] exact = new boolean[vocab.size()];
    long words = 0;
    try (BufferedReader lines = reader(file)) {
      float[] values = new float[width];
      long number = 0;
      for (String line = line(lines, file, 1); line != null; line = line(lines, file, number + 1)) {
        number++;
        if (line.isEmpty() || number == 1 && HEADER.matcher(line).matches()) {
          continue;
        }
        words++;
        String word = parse(line, number, values);
        int id = vocab.find(word).orElse(-1);
        boolean same = id >= 0;
        if (!same) {
          id = vocab.find(word.toLowerCase(Locale.ROOT)).orElse(-1);
        }
        if (id >= 0 && !exact[id] && (same || !known[id])) {
          System.arraycopy(values, 0, table, id * width, width);
          known[id] = true;
          exact[id] = same;
        }
      }
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
    int found = 0;
    int otherwise = 0;
    for (int id = 0; id < known.length; id++) {
      found += known[id] ? 1 : 0;
      otherwise += known[id] && !exact[id] ? 1 : 0;
    }
    return new Found(words, found, otherwise);
  }

  /** The word of a line; blanks in it are its own (GloVe has such). */
  private String parse(String line, long number, float[] values) {
    String text = line.stripTrailing();
    int end = text.length();
    for (int k = width - 1; k >= 0; k--) {
      int blank = text.lastIndexOf(' ', end - 1);
      if (blank < 1) {
        throw refused(
            file, number, "a word and " + numbers(text) + " numbers where " + width + " belong");
      }
      String field = text.substring(blank + 1, end);
      try {
        values[k] = Float.parseFloat(field);
      } catch (NumberFormatException e) {
        values[k] = Float.NaN;
      }
      if (!Float.isFinite(values[k])) {
        throw refused(file, number, "\"" + shortened(field) + "\" is no number");
      }
      end = blank;
    }
    String word = text.substring(0, end);
    int last = word.lastIndexOf(' ');
    if (last > 0 && isNumber(word.substring(last + 1))) {
      throw refused(
          file, number, "a word and " + numbers(text) + " numbers where " + width + " belong");
    }
    return word;
  }

  private static String shortened(String field) {
    return field.length() <= 20 ? field : field.substring(0, 20) + "...";
  }

  private static BufferedReader reader(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      byte[] magic = in.readNBytes(2);
      in.reset();
      boolean gzip = Arrays.equals(magic, new byte[] {0x1f, (byte) 0x8b});
      return new BufferedReader(
          new InputStreamReader(
              gzip ? new GZIPInputStream(in, 1 << 16) : in,
              StandardCharsets.UTF_8
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .onUnmappableCharacter(CodingErrorAction.REPORT)),
          1 << 16);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** The next line; null at the end. A file without line ends is not read into one string. */
  private static @Nullable String line(BufferedReader lines, Path file, long number)
      throws IOException {
    StringBuilder line = new StringBuilder();
    int c = lines.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      if (line.length() == LONGEST) {
        throw refused(file, number, "longer than " + LONGEST + " characters");
      }
      line.append((char) c);
      c = lines.read();
    }
    int length = line.length();
    return line.substring(0, length > 0 && line.charAt(length - 1) == '\r' ? length - 1 : length);
  }

  private static UlmfitException cannotRead(Path file, IOException e) {
    return e instanceof CharacterCodingException
        ? UlmfitException.badData(
            file + ": not UTF-8; word vectors are read as text (GloVe .txt, fastText .vec)")
        : UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
  }

  private static UlmfitException refused(Path file, long line, String what) {
    return UlmfitException.badData(
        file
            + ", line "
            + line
            + ": "
            + what
            + "; a file of word vectors has a word and as many numbers in each line");
  }
}
