package org.ulmfit.prepare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;

/**
 * Which documents make up each output, by their number in the {@link Spill}, in row order.
 *
 * @param labelling how many labels a row has
 * @param labels names of the labels, in index order
 * @param classNames lines of {@code classes.txt}; the lesson lists unsup too
 * @param labelsOf indices into {@code labels} for each document
 * @param test null if the corpus has no test data
 * @param unlabelled texts that have no label and are in no other split
 */
record SplitRows(
    Labelling labelling,
    List<String> labels,
    List<String> classNames,
    int[][] labelsOf,
    int[] lmTrain,
    int[] lmValid,
    int[] train,
    int[] valid,
    int @Nullable [] test,
    int[] unlabelled) {}
