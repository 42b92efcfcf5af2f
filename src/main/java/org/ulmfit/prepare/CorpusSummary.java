package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ulmfit.corpus.InputColumns;

/**
 * What became of the rows of a corpus: rows = used + rejected.
 *
 * @param rows rows or files read
 * @param used handed on (before {@code --limit})
 * @param rejected skipped on request
 * @param splitRows rows of each output, such as {@code lm/train}, after {@code --limit}
 * @param inputs what was found in each file and how it was read
 * @param columns the columns that were read, for a model to remember
 * @param notes lines worth telling: duplicates within and across splits, rejected rows
 */
public record CorpusSummary(
    long rows,
    long used,
    long rejected,
    Map<String, Integer> splitRows,
    List<String> inputs,
    InputColumns columns,
    List<String> notes) {
  public CorpusSummary {
    splitRows = Collections.unmodifiableMap(new LinkedHashMap<>(splitRows));
    inputs = List.copyOf(inputs);
    notes = List.copyOf(notes);
  }

  /** The summary as lines to show. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(Locale.ROOT, "%,d rows = %,d used + %,d rejected", rows, used, rejected));
    lines.add(
        splitRows.entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", ")));
    lines.addAll(notes);
    return lines;
  }
}
