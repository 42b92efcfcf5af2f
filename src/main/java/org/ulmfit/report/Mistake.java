package org.ulmfit.report;

import java.util.List;
import org.ulmfit.train.Scores;

/**
 * A wrong answer and the text it was given for.
 *
 * @param text as the model read it, put together again of its tokens
 * @param marks what its words add to the log-odds of the error's label; none where words were not
 *     weighed
 */
public record Mistake(Scores.Miss error, String text, List<MarkedText.Mark> marks) {}
