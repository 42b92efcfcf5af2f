package org.ulmfit.selftrain;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.ulmfit.classifier.SoftLabels;
import org.ulmfit.corpus.Document;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.predict.HeldOutAnswers;
import org.ulmfit.prepare.RowFiles;

/**
 * The texts that a round takes, in the files of its folder.
 *
 * @param rows with labels, which come first in what the round is trained on
 * @param round from 1
 */
record TakenTexts(SelfTrainingFolder folder, RowFiles rows, int round) {

  /**
   * Writes them, and all that the round is trained on.
   *
   * @param texts of which some are taken
   * @param answers to all of them, whose most probable labels become theirs
   * @param chosen indices, ascending
   */
  void write(UnlabelledRows texts, Answers answers, int[] chosen) {
    lines(
        folder.training(round),
        out -> {
          rows.forEach(
              RowFiles.Part.TRAIN, 0, 0, (row, own) -> line(out, row, rows.labels().get(own[0])));
          chosen(texts, chosen, (text, row) -> line(out, row, label(answers, text)));
        });
    lines(
        folder.taken(round),
        out ->
            chosen(
                texts,
                chosen,
                (text, row) -> {
                  try {
                    HeldOutAnswers.write(out, taken(row, label(answers, text), answers, text));
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
  }

  /** Writes what the round is trained on but for the texts of a fold, whose ids are given. */
  void writeWithout(Map<String, Integer> folds, int held) {
    lines(
        folder.fold(round, held),
        out ->
            rows.forEach(
                rows.corpus(folder.training(round)),
                row -> {
                  if (folds.getOrDefault(row.id(), 0) != held) {
                    line(out, row, Objects.requireNonNull(row.labels()).get(0));
                  }
                }));
  }

  private static void lines(Path file, Consumer<Writer> lines) {
    AtomicFiles.write(
        file,
        stream -> {
          Writer out = writer(stream);
          lines.accept(out);
          out.flush();
        });
  }

  private static Writer writer(OutputStream stream) {
    return new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
  }

  private String label(Answers answers, int text) {
    return rows.labels().get(answers.answer(text));
  }

  /** Each text that was chosen, with its number. */
  private static void chosen(
      UnlabelledRows texts, int[] chosen, BiConsumer<Integer, Document> sink) {
    int[] text = {0};
    int[] next = {0};
    texts.forEach(
        row -> {
          if (next[0] < chosen.length && chosen[next[0]] == text[0]) {
            sink.accept(text[0], row);
            next[0]++;
          }
          text[0]++;
        });
  }

  private static HeldOutAnswers.Row taken(Document row, String label, Answers answers, int text) {
    float[] logits = answers.logits(text);
    Map<String, Float> byLabel = new TreeMap<>();
    for (int c = 0; c < logits.length; c++) {
      byLabel.put(answers.labels().get(c), logits[c]);
    }
    List<String> known = row.labels();
    return new HeldOutAnswers.Row(
        row.id(), known == null ? List.of() : known, List.of(label), byLabel);
  }

  private void line(Writer out, Document row, String label) {
    try {
      out.write(rows.line(row.id(), row.fields(), label));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each of them in a fold from 1, by id. */
  Map<String, Integer> folds(int count) {
    Map<String, Integer> folds = new HashMap<>();
    HeldOutAnswers.forEach(
        folder.taken(round), row -> folds.put(row.id(), 1 + folds.size() % count));
    return folds;
  }

  /** The probabilities that they are trained on. */
  SoftLabels soft() {
    List<String> labels = rows.labels();
    Map<String, float[]> soft = new HashMap<>();
    HeldOutAnswers.forEach(
        folder.taken(round),
        row -> {
          float[] p = new float[labels.size()];
          double sum = 0;
          for (int c = 0; c < p.length; c++) {
            p[c] = (float) Math.exp(row.logits().getOrDefault(labels.get(c), -100f));
            sum += p[c];
          }
          for (int c = 0; c < p.length; c++) {
            p[c] /= (float) sum;
          }
          soft.put(row.id(), p);
        });
    return new SoftLabels(labels, soft);
  }

  /** What was taken, by label, and how right that was. */
  record Taken(int rows, Map<String, Integer> byLabel, int known, int right) {
    static final Taken NONE = new Taken(0, Map.of(), 0, 0);
  }

  /** Counts them. */
  Taken count() {
    Map<String, Integer> byLabel = new TreeMap<>();
    int[] counts = new int[3]; // rows, known, right
    HeldOutAnswers.forEach(
        folder.taken(round),
        row -> {
          byLabel.merge(row.answer().get(0), 1, Integer::sum);
          counts[0]++;
          counts[1] += row.labels().isEmpty() ? 0 : 1;
          counts[2] += row.labels().equals(row.answer()) ? 1 : 0;
        });
    return new Taken(counts[0], byLabel, counts[1], counts[2]);
  }
}
