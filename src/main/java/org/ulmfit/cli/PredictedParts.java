package org.ulmfit.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.cli.TextsMixin.Asked;
import org.ulmfit.corpus.Shard;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.PredictionWriter;

/**
 * Answers that go into files, one for each file of the input, by one program or several.
 *
 * @param own what this one does of it
 * @param options that an answer hangs on
 */
record PredictedParts(TextsMixin texts, Shard own, String options) {

  /**
   * Answers what is not there yet.
   *
   * @param writer of the answers
   * @throws UlmfitException (usage) if the input is standard input, or the folder holds other
   *     answers; (bad data) if two files would have one of answers
   */
  void answer(Path dir, Function<Asked, PredictionWriter> writer, Console console) {
    if (texts.isStandardInput()) {
      throw UlmfitException.usage(
          "--out: what comes on standard input cannot be asked for again where a file is there"
              + " already; name a file");
    }
    List<Path> parts = texts.parts();
    PartsFolder folder = new PartsFolder(dir, maker(parts));
    Map<Path, Path> targets = targets(folder, parts);
    folder.begin();
    int all = targets.size();
    warnOfOld(targets, console);
    targets.values().removeIf(Files::exists);
    console.say(Shown.format("%s: %d of %d files are there", dir, all - targets.size(), all));
    if (targets.isEmpty()) {
      return;
    }
    Shard rows = parts.isEmpty() ? own : Shard.WHOLE;
    try (Asked asked = texts.open(console)) {
      PredictionWriter lines = writer.apply(asked);
      for (Map.Entry<Path, Path> one : targets.entrySet()) {
        try (TextReader opened = parts.isEmpty() ? asked.texts() : asked.open(one.getKey())) {
          PartsFolder.write(one.getValue(), to -> answer(opened, asked, lines, rows, to));
        }
      }
      PredictCommand.warn(asked.classifier().coverage(), console);
    }
  }

  /** Tells of answers that are left though their input was written after them. */
  private static void warnOfOld(Map<Path, Path> targets, Console console) {
    List<Path> old = new ArrayList<>();
    targets.forEach(
        (from, to) -> {
          if (Files.exists(to) && from.toFile().lastModified() > to.toFile().lastModified()) {
            old.add(to);
          }
        });
    if (!old.isEmpty()) {
      console.say(
          Shown.format(
              "WARNING: %d of the files that are there are older than their input, %s the first; remove"
                  + " them to have them anew",
              old.size(), old.get(0)));
    }
  }

  /** Files of the input that are this program's, and where their answers go. */
  private Map<Path, Path> targets(PartsFolder folder, List<Path> parts) {
    Map<Path, Path> targets = new LinkedHashMap<>();
    if (parts.isEmpty()) {
      targets.put(texts.file(), folder.of(own.number()));
      return targets;
    }
    Map<Path, Path> sources = new LinkedHashMap<>();
    for (Path part : parts) {
      Path other = sources.put(folder.of(part), part);
      if (other != null) {
        throw UlmfitException.badData(
            Shown.format(
                "%s and %s: the answers of both would be %s; rename one of them",
                other, part.getFileName(), folder.of(part).getFileName()));
      }
    }
    own.of(parts).forEach(part -> targets.put(part, folder.of(part)));
    return targets;
  }

  /** What all programs that write into one folder have in common. */
  private String maker(List<Path> parts) {
    return Shown.format(
        "model %s\ninput %s, %s\noptions %s; %s\n",
        ModelFolder.sum(ModelFolder.place(texts.model())),
        parts.isEmpty() ? own.of() + " shards" : parts.size() + " parts",
        parts.isEmpty() ? content(texts.file()) : sizes(parts),
        options,
        texts.reading());
  }

  private static String content(Path file) {
    try {
      return Checksums.sha256(file);
    } catch (IOException e) {
      throw UlmfitException.badData(file + ": cannot be read: " + UlmfitException.reason(e));
    }
  }

  /** What files are known by, without reading them: names and sizes. */
  private static String sizes(List<Path> files) {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      try {
        all.append(file.getFileName()).append(' ').append(Files.size(file)).append('\n');
      } catch (IOException e) {
        throw UlmfitException.badData(file + ": cannot be read: " + UlmfitException.reason(e));
      }
    }
    return Checksums.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(
      TextReader rows, Asked asked, PredictionWriter writer, Shard own, Writer to) {
    long[] row = {0};
    Asked.forEachBatch(
        rows,
        batch -> {
          List<Text> mine = new ArrayList<>();
          for (Text text : batch) {
            if (own.has(row[0]++)) {
              mine.add(text);
            }
          }
          List<Prediction> predictions = asked.classifier().predictFields(Asked.fields(mine));
          for (int i = 0; i < mine.size(); i++) {
            to.write(writer.line(mine.get(i), predictions.get(i)));
            to.write('\n');
          }
        });
  }
}
