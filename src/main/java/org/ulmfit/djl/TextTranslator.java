package org.ulmfit.djl;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.Batchifier;
import ai.djl.translate.StackBatchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Texts to the inputs of an exported network and its logits to probabilities, a batch at once: ids
 * (batch, time) of the longest text's length, and lengths (batch).
 *
 * @param <I> what is handed over: a text, or a row of them
 */
final class TextTranslator<I> implements Translator<I, Classifications> {
  private final TextReading reading;
  private final Function<I, List<String>> fields;

  TextTranslator(TextReading reading, Function<I, List<String>> fields) {
    this.reading = reading;
    this.fields = fields;
  }

  /** Of single texts; whole batches are made here, of texts as they come. */
  @Override
  public Batchifier getBatchifier() {
    return new StackBatchifier();
  }

  @Override
  public NDList processInput(TranslatorContext context, I input) {
    NDList batch = batchProcessInput(context, List.of(input));
    return new NDList(batch.get(0).squeeze(0), batch.get(1).squeeze(0));
  }

  @Override
  public NDList batchProcessInput(TranslatorContext context, List<I> inputs) {
    List<int[]> ids = inputs.stream().map(fields).map(reading::ids).toList();
    int longest = ids.stream().mapToInt(own -> own.length).max().orElse(0);
    int width = Math.max(1, longest); // a text without words is still a row
    long[] padded = new long[ids.size() * width];
    Arrays.fill(padded, reading.padId());
    for (int row = 0; row < ids.size(); row++) {
      int[] own = ids.get(row);
      for (int t = 0; t < own.length; t++) {
        padded[row * width + t] = own[t];
      }
    }
    NDManager manager = context.getNDManager();
    NDArray tokens = manager.create(padded).reshape(ids.size(), width);
    return new NDList(tokens, manager.create(ids.stream().mapToLong(own -> own.length).toArray()));
  }

  @Override
  public Classifications processOutput(TranslatorContext context, NDList logits) {
    return batchProcessOutput(context, logits).get(0);
  }

  @Override
  public List<Classifications> batchProcessOutput(TranslatorContext context, NDList list) {
    float[] logits = list.singletonOrThrow().toFloatArray();
    List<String> labels = reading.labels();
    List<Classifications> answers = new ArrayList<>();
    for (int from = 0; from < logits.length; from += labels.size()) {
      float[] own = Arrays.copyOfRange(logits, from, from + labels.size());
      float[] p = reading.output().probabilities(own);
      List<Double> wide = IntStream.range(0, p.length).mapToObj(c -> (double) p[c]).toList();
      answers.add(new Classifications(labels, wide));
    }
    return answers;
  }
}
