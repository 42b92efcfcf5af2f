package org.ulmfit.lm;

/**
 * One window of the language model's streams: {@code y} is {@code x} one token later.
 *
 * @param time tokens of each stream
 * @param rows streams (the batch size)
 * @param x input ids, (time, rows) flattened time-major
 * @param y target ids, (time, rows) flattened time-major
 */
public record LmBatch(int time, int rows, long[] x, long[] y) {}
