package org.ulmfit.report;

import java.util.List;

/**
 * A wrong answer and the text it was given for.
 *
 * @param row its place in the scores
 * @param text as the model read it, put together again of its tokens
 * @param marks what its words add to the log-odds of the label that {@link
 *     org.ulmfit.train.Scores.Error} names; none where words were not weighed
 */
public record Mistake(int row, String text, List<MarkedText.Mark> marks) {}
