package org.ulmfit.classifier;

/**
 * Documents padded to the longest of them.
 *
 * @param time tokens of the longest document
 * @param rows documents
 * @param ids token ids, (time, rows) flattened time-major
 * @param lengths tokens of each document, at least 1
 * @param labels index of each document's label, -1 = none
 * @param documents index of each document in its store
 */
public record ClassifierBatch(
    int time, int rows, long[] ids, int[] lengths, int[] labels, int[] documents) {}
