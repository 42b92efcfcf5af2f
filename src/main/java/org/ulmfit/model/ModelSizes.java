package org.ulmfit.model;

import java.util.List;
import java.util.OptionalLong;

/** Sizes of one kind of model: each has its place in {@code config.json}. */
public sealed interface ModelSizes permits AwdLstmSizes, NgramSizes, NetworkSizes, EncoderUse {

  /** Labels that it answers with; 0: its head says. */
  int classes();

  /** Rows of its embedding, as many as its vocabulary has words; empty: it has none. */
  default OptionalLong vocabularyRows() {
    return OptionalLong.empty();
  }

  /** What a recipe would say of them, to see that nothing larger than can be trained is made. */
  List<String> keys();

  /** Whether they can be. */
  boolean sound();

  /** In words, behind the family's name. */
  String describe();
}
