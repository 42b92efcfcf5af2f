package org.ulmfit.corpus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * Which folder of a tree is a label and which a split, by their names. Where two readings are
 * likely it refuses: a test folder that is not known as one would be trained on.
 */
final class LabelFolders {
  /** Words of a folder's name that speak of a split, whether or not the name is that of one. */
  private static final Set<String> OF_SPLITS =
      Set.of(
          "train",
          "training",
          "trn",
          "valid",
          "validation",
          "val",
          "dev",
          "test",
          "testing",
          "tst",
          "eval",
          "evaluation",
          "heldout",
          "holdout");

  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[^\\p{L}]+|(?<=\\p{Ll})(?=\\p{Lu})");

  private final String name;
  private final boolean labelled;
  private final boolean split;
  private final Set<List<String>> labels = new HashSet<>();
  private final Set<List<String>> splits = new HashSet<>();
  private final Set<List<String>> bare = new HashSet<>(); // splits that hold texts themselves

  /**
   * @param labelled whether it matters which folder is a label
   * @param split whether all of the tree is of one split, whatever its folders are called
   */
  LabelFolders(String name, boolean labelled, boolean split) {
    this.name = name;
    this.labelled = labelled;
    this.split = split;
  }

  /**
   * What a path says.
   *
   * @param folder that the document stands in
   * @param above folders above the label, or above the split if one stands there
   * @param id path below those
   */
  record Place(Split split, String label, List<String> folder, List<String> above, String id) {
    static final Comparator<String> BY_CODE_POINT =
        (a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /** Split, then label, then name, by code point: the order of a folder. */
    static final Comparator<Place> ORDER =
        Comparator.comparing(Place::split)
            .thenComparing(Place::label, BY_CODE_POINT)
            .thenComparing(Place::id, BY_CODE_POINT);

    /** A name for the document that no other of the tree has, as long as it need be. */
    String id(List<String> base) {
      return above.isEmpty() || above.equals(base) ? id : String.join("/", above) + "/" + id;
    }
  }

  /** Null for a file that is no document. */
  @Nullable Place of(List<String> parts) {
    int n = parts.size();
    String file = parts.get(n - 1);
    if (n < 2 || file.startsWith(".") || !file.toLowerCase(Locale.ROOT).endsWith(".txt")) {
      return null;
    }
    List<String> folder = List.copyOf(parts.subList(0, n - 1));
    String label = parts.get(n - 2);
    Split own = Columns.namedSplit(label);
    if (label.startsWith(".")) {
      return null;
    }
    if (own != null && own != Split.UNSUP) {
      bare.add(folder);
      return null; // train/urls_neg.txt
    }
    Split split = n < 3 ? null : Columns.namedSplit(parts.get(n - 3));
    labels.add(folder);
    List<String> above = folder.subList(0, split == null ? n - 2 : n - 3);
    if (split != null) {
      splits.add(folder.subList(0, n - 2));
    }
    String id = String.join("/", parts.subList(above.size(), n));
    Split its = own == Split.UNSUP ? Split.UNSUP : split == null ? Split.TRAIN : split;
    return new Place(its, label, folder, above, id);
  }

  /** A folder that turned out to hold a text beside all labels is none itself. */
  void forget(Place place) {
    labels.remove(place.folder);
  }

  /** Whether a folder holds splits or, where it matters, labels of which there is a choice. */
  boolean holdsLabels(List<String> folder) {
    Stream<List<String>> below =
        labels.stream().filter(l -> l.size() > folder.size() && startsWith(l, folder));
    return splits.stream().anyMatch(one -> startsWith(one, folder))
        || labelled && below.count() > 1;
  }

  static boolean startsWith(List<String> path, List<String> start) {
    return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
  }

  /**
   * To be called when all documents were met.
   *
   * @throws UlmfitException (bad data) naming a folder that can be understood in two ways
   */
  void check() {
    if (labelled) {
      labels.forEach(this::checkNested);
    }
    if (!split) {
      checkSplits();
    }
  }

  private void checkNested(List<String> label) {
    for (int n = 1; n < label.size(); n++) {
      if (labels.contains(label.subList(0, n))) {
        throw refusal(
            label.subList(0, n),
            "holds texts, and folders of texts; which of them is the label? keep texts of a label"
                + " in one folder");
      }
    }
  }

  private void checkSplits() {
    Set<List<String>> parents = new HashSet<>(); // of labels without a split
    Set<List<String>> besideSplits = new HashSet<>();
    splits.forEach(one -> besideSplits.add(parent(one)));
    int common = common();
    for (List<String> label : labels) {
      List<String> parent = parent(label);
      boolean unlabelled = Columns.namedSplit(label.get(label.size() - 1)) == Split.UNSUP;
      if (splits.contains(parent) || unlabelled) {
        continue;
      }
      parents.add(parent);
      if (labelled && besideSplits.contains(parent)) {
        throw refusal(label, "holds texts, beside splits, and is none; put them into one of them");
      }
      for (int n = 1; n <= parent.size(); n++) {
        checkOwn(parent.subList(0, n), label);
        if (n > common) { // what holds everything splits nothing
          checkAbove(parent.subList(0, n), besideSplits);
        }
      }
    }
    for (List<String> one : bare) {
      if (labelled && !splits.contains(one) && parents.contains(parent(one))) {
        throw refusal(
            one,
            "stands beside labels and is called like a split; rename it if it is a label, or put"
                + " its texts into label folders in it");
      }
    }
  }

  /** How many folders all labels have above them. */
  private int common() {
    List<String> start = null;
    for (List<String> label : labels) {
      List<String> parent = parent(label);
      if (start == null) {
        start = parent;
      }
      int same = 0;
      while (same < Math.min(start.size(), parent.size())
          && start.get(same).equals(parent.get(same))) {
        same++;
      }
      start = start.subList(0, same);
    }
    return start == null ? 0 : start.size();
  }

  /** A split that does not stand right above a label. */
  private void checkOwn(List<String> folder, List<String> label) {
    String own = folder.get(folder.size() - 1);
    if (labelled && Columns.namedSplit(own) != null) {
      throw refusal(
          label,
          "which of these folders is the label? that of a split is expected right above it; put"
              + " label folders into "
              + own);
    }
  }

  /** A folder above a label that has no split. */
  private void checkAbove(List<String> folder, Set<List<String>> besideSplits) {
    String own = folder.get(folder.size() - 1);
    boolean spoken = BETWEEN_WORDS.splitAsStream(own).anyMatch(this::speaksOfSplits);
    if (spoken || besideSplits.contains(parent(folder))) {
      throw refusal(
          folder,
          "stands above labels"
              + (spoken ? "" : ", beside splits,")
              + " and is no split; call it train, valid, test or unsup, or read it by itself");
    }
  }

  private boolean speaksOfSplits(String word) {
    return OF_SPLITS.contains(word.toLowerCase(Locale.ROOT));
  }

  private static List<String> parent(List<String> folder) {
    return folder.subList(0, folder.size() - 1);
  }

  private UlmfitException refusal(List<String> folder, String what) {
    return UlmfitException.badData(name + ": " + String.join("/", folder) + ": " + what);
  }
}
