package org.ulmfit.embed;

/** How the vectors of a text's tokens become one. */
public enum Pooling {
  /** Their mean, start and end tokens among them. */
  MEAN,
  /** The first one, of the start token ({@code [CLS]}). */
  FIRST,
  /** The model itself gives one vector a text. */
  OWN
}
