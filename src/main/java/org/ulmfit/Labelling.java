package org.ulmfit;

/** How many labels a text has. */
public enum Labelling {
  /** Exactly one. */
  SINGLE,
  /** Any number, none among them. */
  MULTI
}
