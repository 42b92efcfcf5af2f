package org.ulmfit.cli;

import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.train.Scores;

/**
 * The answer to each row of an evaluation, one JSON object a line, in the order of the corpus.
 *
 * <pre>
 * {"id":"7","truth":["joy"],"predicted":["joy","relief"],"probabilities":{"anger":0.02,"joy":0.9,...}}
 * </pre>
 */
final class ScoredRows {
  private ScoredRows() {}

  /**
   * Refuses early what could not be written after a long evaluation.
   *
   * @throws UlmfitException (usage) if there is such a file already, or no folder for it
   */
  static void check(Path file) {
    if (Files.exists(file)) {
      throw UlmfitException.usage(file + ": exists already; choose another file");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw UlmfitException.usage(file + ": its folder does not exist; make it first");
    }
  }

  static void write(Path file, Scores scores) {
    AtomicFiles.write(
        file,
        stream -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          for (int row = 0; row < scores.rows(); row++) {
            out.write(json(scores, row));
            out.write('\n');
          }
          out.flush();
        });
  }

  private static String json(Scores scores, int row) {
    StringBuilder json = new StringBuilder("{\"id\":");
    JsonText.quote(scores.ids().get(row), json);
    json.append(",\"truth\":").append(names(scores.labels(), scores.truth()[row]));
    json.append(",\"predicted\":").append(names(scores.labels(), scores.predicted()[row]));
    json.append(",\"probabilities\":{");
    float[] probabilities = scores.probabilities()[row];
    for (int label = 0; label < probabilities.length; label++) {
      JsonText.quote(scores.labels().get(label), json.append(label == 0 ? "" : ","));
      json.append(':').append(probabilities[label]);
    }
    return json.append("}}").toString();
  }

  private static String names(List<String> labels, int[] indices) {
    return JsonText.array(Arrays.stream(indices).mapToObj(labels::get).toList());
  }
}
