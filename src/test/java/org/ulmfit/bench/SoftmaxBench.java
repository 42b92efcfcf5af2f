package org.ulmfit.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * When the sampled softmax pays: tokens per second of the training step with it and with the full
 * softmax, alternating in one process, for some vocabularies and sizes. Batch 64, bptt 70, 4,096
 * negatives, bfloat16 unless {@code precision=fp32} is given; run like {@link LmStepBench}, with
 * {@code sizes=200/400,400/1150 vocabularies=10000,60002 steps=4 rounds=2} or others.
 */
public final class SoftmaxBench {

  private static final int BATCH = 64;
  private static final int BPTT = 70;

  private SoftmaxBench() {}

  public static void main(String[] arguments) throws IOException {
    String precision = "bf16";
    List<String> sizes = List.of("200/400", "400/1150");
    List<String> vocabularies = List.of("10000", "20000", "30000", "60002");
    int steps = 4;
    int rounds = 2;
    for (String argument : arguments) {
      String value = argument.substring(argument.indexOf('=') + 1);
      switch (argument.substring(0, argument.indexOf('='))) {
        case "precision" -> precision = value;
        case "sizes" -> sizes = List.of(value.split(","));
        case "vocabularies" -> vocabularies = List.of(value.split(","));
        case "steps" -> steps = Integer.parseInt(value);
        case "rounds" -> rounds = Integer.parseInt(value);
        default -> throw new IllegalArgumentException(argument);
      }
    }
    System.out.println("| words | embedding/hidden | full, tokens/s | sampled, tokens/s | ratio |");
    System.out.println("|---|---|---|---|---|");
    for (String size : sizes) {
      for (String words : vocabularies) {
        String[] widths = size.split("/");
        LmStepBench.Size full =
            new LmStepBench.Size(
                Integer.parseInt(words),
                Integer.parseInt(widths[0]),
                Integer.parseInt(widths[1]),
                BATCH,
                BPTT,
                steps,
                precision);
        print(full, rounds);
      }
    }
  }

  private static void print(LmStepBench.Size full, int rounds) throws IOException {
    List<Double> slow = new ArrayList<>();
    List<Double> fast = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      slow.add(LmStepBench.ours(full).median());
      fast.add(LmStepBench.ours(full.with("sampled")).median());
    }
    double before = slow.stream().mapToDouble(d -> d).average().orElseThrow();
    double after = fast.stream().mapToDouble(d -> d).average().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "| %,d | %d/%d | %,.0f | %,.0f | %.2f |%n",
        full.vocabulary(),
        full.embedding(),
        full.hidden(),
        before,
        after,
        after / before);
  }
}
