package org.ulmfit.selftrain;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Split;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.prepare.RowFiles;

/**
 * Texts to be learned from without their labels. Those of the labelled rows and of rows to measure
 * on are not among them, nor any text a second time.
 *
 * @param labelled rows, beside whose files theirs is: as {@link RowFiles} writes rows, with a label
 *     if that is known
 * @param rows how many
 */
record UnlabelledRows(RowFiles labelled, int rows) {
  /** Before the ids of texts, to tell them from labelled rows. */
  static final String PREFIX = "unlabelled/";

  /**
   * Writes them.
   *
   * @param limit of them; 0 = all
   * @throws UlmfitException (bad data) if there are none, or if their columns are not those of the
   *     labelled rows
   */
  static UnlabelledRows write(
      Corpus corpus, int limit, RowFiles labelled, Consumer<String> notes, Stop stop) {
    Path file = file(labelled);
    Set<Long> seen = new HashSet<>();
    for (RowFiles.Part part :
        List.of(RowFiles.Part.TRAIN, RowFiles.Part.VALID, RowFiles.Part.TEST)) {
      if (part != RowFiles.Part.TEST || labelled.test() > 0) {
        if (!labelled.isEmpty(part, 0, 0)) {
          labelled.forEach(part, 0, 0, (row, labels) -> seen.add(key(row.fields())));
        }
      }
    }
    Expectation expectation =
        new Expectation(
            Expectation.Labels.OPTIONAL,
            new InputColumns(labelled.texts().size(), true, 0, labelled.texts(), null));
    CorpusReader reader = CorpusReader.open(CorpusReader.sharing(corpus, expectation), expectation);
    reader.found().forEach(notes);
    int[] counts = new int[3]; // written, left out, tested
    AtomicFiles.write(
        file,
        stream -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          reader.forEach(
              (split, row) -> {
                stop.check("before the first round; start it again");
                if (split == Split.TEST) {
                  counts[2]++;
                } else if (!seen.add(key(row.fields()))) {
                  counts[1]++;
                } else if (limit == 0 || counts[0] < limit) {
                  counts[0]++;
                  write(out, labelled, counts[0], row);
                }
              });
          out.flush();
        });
    if (counts[0] == 0) {
      throw UlmfitException.badData(
          corpus + ": no texts to learn from beside those with labels and those to test on");
    }
    if (reader.counts().rejected() > 0) {
      notes.accept(
          Shown.format(
              "%,d of %,d rows of %s rejected",
              reader.counts().rejected(), reader.counts().rows(), corpus));
    }
    notes.accept(
        Shown.format(
            "texts without labels: %,d; left out: %,d that are labelled, tested or there twice, %,d of its test split",
            counts[0], counts[1], counts[2]));
    return new UnlabelledRows(labelled, counts[0]);
  }

  private static Path file(RowFiles labelled) {
    return labelled.dir().resolve("unlabelled.jsonl");
  }

  /** The same beside the same rows in another folder. */
  UnlabelledRows in(RowFiles moved) {
    return new UnlabelledRows(moved, rows);
  }

  /** What texts are known by: short, as those of all rows are kept. */
  private static long key(List<String> fields) {
    MessageDigest sha = Checksums.digest();
    fields.forEach(text -> sha.update((text + "\u0000").getBytes(StandardCharsets.UTF_8)));
    return ByteBuffer.wrap(sha.digest()).getLong();
  }

  private static void write(Writer out, RowFiles labelled, int number, Document row) {
    try {
      out.write(
          labelled.line(PREFIX + number + " " + row.id(), row.fields(), known(labelled, row)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The label of a row, if it has one of those that are trained. */
  private static @Nullable String known(RowFiles labelled, Document row) {
    List<String> labels = row.labels();
    return labels != null && labels.size() == 1 && labelled.labels().containsAll(labels)
        ? labels.get(0)
        : null;
  }

  /** Each of them, in order; its label if that is known. */
  void forEach(Consumer<Document> sink) {
    CorpusReader.open(labelled.corpus(file(labelled)), Expectation.of(Expectation.Labels.OPTIONAL))
        .forEach((split, row) -> sink.accept(row));
  }
}
