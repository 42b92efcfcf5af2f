package org.ulmfit.text;

/** Whether field markers stand before the text columns of a row. */
public enum FieldMarks {
  /** As the rules' generation did: 0.7 always, 1 never, 2 where there are several columns. */
  AUTO,
  ALWAYS,
  NEVER
}
