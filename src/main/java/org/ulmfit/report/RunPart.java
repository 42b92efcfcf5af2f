package org.ulmfit.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Parts of a run that take time, beside its epochs. */
public enum RunPart {
  /** Texts become token ids. */
  PREPARING("reading and preparing the texts"),
  /** Rates that the recipe leaves to a sweep. */
  SWEEPING("trying learning rates"),
  /** The model gets its first weights, and what they are worth is measured. */
  STARTING("starting the model"),
  /** A solver's whole work. */
  FITTING("fitting"),
  /** The finished model is asked for the held-out rows. */
  MEASURING("measuring held-out rows"),
  SAVING("saving the model");

  private final String title;

  RunPart(String title) {
    this.title = title;
  }

  /** As {@code log.jsonl} has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The part of that word; empty if there is none. */
  static Optional<RunPart> of(String word) {
    return Arrays.stream(values()).filter(part -> part.word().equals(word)).findFirst();
  }

  /** As reports have it. */
  String title() {
    return title;
  }
}
