package org.ulmfit.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.Split;

/** What is kept of each row of a corpus: not its text. */
final class Rows {
  private static final int NOT_LABELLED = -1;

  private final List<String> ids = new ArrayList<>();
  private final List<int @Nullable []> signatures = new ArrayList<>();
  private final List<List<String>> labelSets = new ArrayList<>();
  private final Map<List<String>, Integer> numbers = new HashMap<>(); // of label sets
  private byte[] splits = new byte[1024];
  private byte[] suspects = new byte[1024];
  private int[] labels = new int[1024];
  private int[] words = new int[1024];
  private long[] hashes = new long[1024];

  /**
   * A row.
   *
   * @param labels null: it is not labelled
   * @param hash of its text, without regard to capitals and white space
   * @param signature null: too short for one, or none is wanted
   */
  record Row(
      Split split,
      String id,
      @Nullable List<String> labels,
      int words,
      long hash,
      int suspects,
      int @Nullable [] signature) {}

  void add(Row row) {
    int at = ids.size();
    if (at == splits.length) {
      int room = at * 2;
      splits = Arrays.copyOf(splits, room);
      suspects = Arrays.copyOf(suspects, room);
      labels = Arrays.copyOf(labels, room);
      words = Arrays.copyOf(words, room);
      hashes = Arrays.copyOf(hashes, room);
    }
    ids.add(row.id);
    signatures.add(row.signature);
    splits[at] = (byte) row.split.ordinal();
    suspects[at] = (byte) row.suspects;
    words[at] = row.words;
    hashes[at] = row.hash;
    labels[at] = row.labels == null ? NOT_LABELLED : number(row.labels);
  }

  private int number(List<String> set) {
    List<String> sorted = set.stream().sorted().toList();
    return numbers.computeIfAbsent(
        sorted,
        s -> {
          labelSets.add(s);
          return labelSets.size() - 1;
        });
  }

  int size() {
    return ids.size();
  }

  String id(int row) {
    return ids.get(row);
  }

  Split split(int row) {
    return Split.values()[splits[row]];
  }

  int words(int row) {
    return words[row];
  }

  int suspects(int row) {
    return suspects[row];
  }

  long hash(int row) {
    return hashes[row];
  }

  /** Null: it is not labelled. */
  @Nullable List<String> labels(int row) {
    return labels[row] == NOT_LABELLED ? null : labelSets.get(labels[row]);
  }

  boolean sameLabels(int row, int other) {
    return labels[row] == labels[other];
  }

  List<int @Nullable []> signatures() {
    return signatures;
  }

  long[] hashes() {
    return Arrays.copyOf(hashes, size());
  }
}
