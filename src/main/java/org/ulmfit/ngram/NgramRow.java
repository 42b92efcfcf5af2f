package org.ulmfit.ngram;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.Stop;

/**
 * One document's row of a matrix.
 *
 * @param columns of the n-grams in it, ascending
 * @param counts how often each occurs
 */
record NgramRow(int[] columns, float[] counts) {
  private static final int BLOCK = 1024; // documents that threads share out

  static NgramRow of(Ngrams ngrams, int[] ids) {
    Occurrences all = new Occurrences();
    ngrams.forEach(ids, all::add);
    return all.row();
  }

  /** The rows of documents, made on all processors. */
  static SparseMatrix matrix(Ngrams ngrams, Documents documents, Stop stop) {
    SparseMatrix.Builder builder = new SparseMatrix.Builder(documents.count(), ngrams.columns());
    for (int from = 0; from < documents.count(); from += BLOCK) {
      stop.check(NgramCounter.STOPPED);
      IntStream.range(from, Math.min(documents.count(), from + BLOCK))
          .parallel()
          .mapToObj(doc -> of(ngrams, documents.ids().apply(doc)))
          .toList()
          .forEach(row -> builder.add(row.columns, row.counts));
    }
    return builder.matrix();
  }

  /** Columns as they occur in a document. */
  private static final class Occurrences {
    private int[] columns = new int[256];
    private int size;

    void add(int column) {
      if (size == columns.length) {
        columns = Arrays.copyOf(columns, 2 * size);
      }
      columns[size++] = column;
    }

    NgramRow row() {
      Arrays.sort(columns, 0, size);
      int[] distinct = new int[size];
      float[] counts = new float[size];
      int last = -1;
      for (int i = 0; i < size; i++) {
        if (last < 0 || distinct[last] != columns[i]) {
          distinct[++last] = columns[i];
        }
        counts[last]++;
      }
      return new NgramRow(Arrays.copyOf(distinct, last + 1), Arrays.copyOf(counts, last + 1));
    }
  }
}
