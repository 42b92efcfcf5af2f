package org.ulmfit.text;

/** How the field markers of fastai 0.7 count; the later rules count 1, 2, 3 in any case. */
public enum FieldNumbers {
  /** 1, 1, 2: the lesson counts further columns from 1 again. */
  LESSON,
  /** 1, 2, 3: imdb_scripts and later code. */
  PAPER
}
