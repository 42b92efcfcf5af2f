package org.ulmfit.prepare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.vocab.Vocab;

/**
 * A classifier that goes on with other rows: they are read as its own were.
 *
 * @param vocab stays as it is
 * @param labels keep their indices; new ones come after them
 * @param labelling how many labels a row has
 * @param columns looked for first; null: not known
 */
public record Predecessor(
    Vocab vocab, List<String> labels, Labelling labelling, @Nullable InputColumns columns) {}
