package org.ulmfit.prepare;

import java.util.List;
import java.util.Map;

/**
 * What became of the rows of a corpus: rows = used + rejected.
 *
 * @param rows rows or files read
 * @param used handed on (before {@code --limit})
 * @param rejected skipped on request
 * @param splitRows rows of each output split by name, after {@code --limit}
 * @param notes lines worth telling: duplicates within and across splits, rejected rows
 */
public record CorpusSummary(
    long rows, long used, long rejected, Map<String, Integer> splitRows, List<String> notes) {
  public CorpusSummary {
    splitRows = Map.copyOf(splitRows);
    notes = List.copyOf(notes);
  }
}
