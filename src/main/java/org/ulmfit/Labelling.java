package org.ulmfit;

/** How many labels a text has. */
public enum Labelling {
  /** Exactly one. */
  SINGLE("single", "accuracy"),
  /** Any number, none among them. */
  MULTI("multi", "subset accuracy");

  private final String word;
  private final String accuracy;

  Labelling(String word, String accuracy) {
    this.word = word;
    this.accuracy = accuracy;
  }

  /** As options and files have it. */
  public String word() {
    return word;
  }

  /** What the share of texts whose labels are all right, and no other given, is called. */
  public String accuracyName() {
    return accuracy;
  }
}
