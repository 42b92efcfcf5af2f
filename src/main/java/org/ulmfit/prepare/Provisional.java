package org.ulmfit.prepare;

import java.util.List;

/** Tokenized documents whose ids are not yet those of a vocabulary. */
interface Provisional {

  /** Types in the order of their provisional ids. */
  List<String> types();

  /** Provisional ids of a document; a fresh array. */
  int[] ids(int doc);

  /** Id of a document in the corpus. */
  String id(int doc);
}
