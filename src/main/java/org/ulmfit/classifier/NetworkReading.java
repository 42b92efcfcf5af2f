package org.ulmfit.classifier;

import java.util.Arrays;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.nn.TextNetwork;

/**
 * What a network reads of documents: without marks, cut, padded on the right.
 *
 * @param length tokens at most; 0 = all
 * @param padded whether every document is filled up to length and the padding is read
 * @param padId id of the padding token, which an empty document becomes
 */
record NetworkReading(Marks marks, int length, Recipe.Keep keep, boolean padded, int padId) {
  private static final int UNIT = 8; // steps in multiples of a few: oneDNN meets few shapes

  static NetworkReading of(NetworkSizes n, Marks marks, int padId) {
    return new NetworkReading(
        marks, n.length(), Recipes.choice(Recipe.Keep.class, n.keep()), !n.masking(), padId);
  }

  /** The tokens that are read of a document, one at least. */
  int[] read(int[] document) {
    int[] places = places(document);
    return places.length == 0
        ? new int[] {padId}
        : Arrays.stream(places).map(place -> document[place]).toArray();
  }

  /** Where in a document the tokens stand that are read of it, which may be none. */
  int[] places(int[] document) {
    int[] places = marks.others(document);
    if (length == 0 || places.length <= length) {
      return places;
    }
    return keep == Recipe.Keep.FIRST
        ? Arrays.copyOf(places, length)
        : Arrays.copyOfRange(places, places.length - length, places.length);
  }

  /** Documents side by side, as {@link #read} gave them. */
  TextNetwork.Batch collate(int[][] documents) {
    int rows = documents.length;
    int longest = Arrays.stream(documents).mapToInt(d -> d.length).max().orElseThrow();
    int time = padded ? length : (longest + UNIT - 1) / UNIT * UNIT;
    long[] ids = new long[Math.multiplyExact(time, rows)]; // (time, rows)
    Arrays.fill(ids, padId);
    int[] lengths = new int[rows];
    for (int row = 0; row < rows; row++) {
      int[] document = documents[row];
      lengths[row] = padded ? length : document.length;
      for (int t = 0; t < document.length; t++) {
        ids[t * rows + row] = document[t];
      }
    }
    return new TextNetwork.Batch(time, ids, lengths);
  }
}
