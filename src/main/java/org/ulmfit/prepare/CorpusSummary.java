package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
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
 * @param notes lines worth telling: duplicates within and across splits, rejected rows, labels that
 *     are not tested, many unknown words
 * @param unknown words of each output that are not in its vocabulary
 */
public record CorpusSummary(
    long rows,
    long used,
    long rejected,
    Map<String, Integer> splitRows,
    List<String> inputs,
    InputColumns columns,
    List<String> notes,
    Map<String, Unknown> unknown) {

  /**
   * Unknown words of a set.
   *
   * @param words all its tokens but the marks of the text rules and blanks
   */
  public record Unknown(long unknown, long words) {
    private String text() {
      double share = words == 0 ? 0 : 100.0 * unknown / words;
      return Shown.format("%.1f%% of %,d", share, words);
    }
  }

  public CorpusSummary {
    splitRows = Collections.unmodifiableMap(new LinkedHashMap<>(splitRows));
    inputs = List.copyOf(inputs);
    notes = List.copyOf(notes);
    unknown.values().forEach(Objects::requireNonNull);
    unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
  }

  /** The same once the words are counted. */
  CorpusSummary with(Map<String, Unknown> words, List<String> warnings) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(warnings);
    Map<String, Unknown> inOrder = new LinkedHashMap<>();
    splitRows.keySet().stream()
        .filter(words::containsKey)
        .forEach(output -> inOrder.put(output, words.get(output)));
    return new CorpusSummary(rows, used, rejected, splitRows, inputs, columns, all, inOrder);
  }

  /** What a run writes down of its data: what was read, the share of unknown words, the notes. */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>(inputs);
    if (!unknown.isEmpty()) {
      remarks.add(unknownWords());
    }
    remarks.addAll(notes);
    return remarks;
  }

  /** One line: the share of unknown words of each output. */
  String unknownWords() {
    return unknownWords(unknown);
  }

  static String unknownWords(Map<String, Unknown> sets) {
    return "unknown words: " + shares(sets) + " (marks such as xxbos are no words)";
  }

  /** {@code lm/train 1.3% of 19,063, lm/valid 4.4% of 2,119}. */
  public String unknownShares() {
    return shares(unknown);
  }

  private static String shares(Map<String, Unknown> sets) {
    return sets.entrySet().stream()
        .map(set -> set.getKey() + " " + set.getValue().text())
        .collect(Collectors.joining(", "));
  }

  /**
   * Share of the words of an output that its vocabulary lacks.
   *
   * @return null: not counted
   */
  public @Nullable Double unknownShare(String output) {
    Unknown set = unknown.get(output);
    return set == null || set.words == 0 ? null : (double) set.unknown / set.words;
  }

  /** The summary as lines to show. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(Shown.format("%,d rows = %,d used + %,d rejected", rows, used, rejected));
    lines.add(
        splitRows.entrySet().stream()
            .map(entry -> Shown.format("%s %,d", entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", ")));
    lines.addAll(remarks());
    return lines;
  }
}
