package org.ulmfit;

/** How many labels a text has. */
public enum Labelling {
  /** Exactly one. */
  SINGLE("accuracy"),
  /** Any number, none among them. */
  MULTI("subset accuracy");

  private final String accuracy;

  Labelling(String accuracy) {
    this.accuracy = accuracy;
  }

  /** What the share of texts whose labels are all right, and no other given, is called. */
  public String accuracyName() {
    return accuracy;
  }
}
