package org.ulmfit.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;

/** The benchmark's data, its arithmetic, its report, and one workload from end to end. */
class BenchTest {

  @TempDir Path dir;

  private static Measurement measurement(String series, double units, double... seconds) {
    Measurement m = Measurement.empty();
    for (double s : seconds) {
      m.add(series, s, units);
    }
    return m.withPeak(3_000_000_000L);
  }

  private static WorkloadResult.Side side(String name, Measurement... rounds) {
    return new WorkloadResult.Side(name, "", List.of(rounds));
  }

  @Test
  void theRateIsOfTheMedianStepAndOfAllUnevenOnesTogether() {
    assertEquals(100, measurement("step", 200, 9, 2, 1).rate("step"));
    assertEquals(200, measurement("step", 200, 9, 2, 1).bestRate("step"));
    Measurement uneven = Measurement.empty();
    uneven.add("step", 3, 100);
    uneven.add("step", 1, 300);
    assertEquals(100, uneven.rate("step"));
    assertEquals(2.5, Measurement.percentile(new double[] {4, 1, 2, 3}, .5));
    assertEquals(3.85, Measurement.percentile(new double[] {4, 1, 2, 3}, .95), 1e-12);
  }

  /** 121 + 144 MFLOP a token: the figures of docs/benchmarks.md for the full size. */
  @Test
  void flopsOfTheFullSize() {
    Map<String, String> sizes = new LinkedHashMap<>();
    sizes.put("vocabulary", "60002");
    sizes.put("embedding", "400");
    sizes.put("hidden", "1150");
    sizes.put("negatives", "4096");
    var lm = new WorkloadResult("lm-full", Map.of(), sizes, List.of(), null);
    double full = Flops.perUnit(lm, "ulmfit bf16", "step");
    double sampled = Flops.perUnit(lm, "ulmfit bf16" + Workload.SAMPLED, "step");
    assertEquals(265e6, full, 1e6);
    assertEquals(3 * 2.0 * 400 * (60_002 - 4096), full - sampled);
    var predict = new WorkloadResult("predict-full", Map.of(), sizes, List.of(), null);
    double single = Flops.perUnit(predict, "ulmfit bf16", "single 1000");
    assertEquals((full - 3 * 2.0 * 400 * 60_002) / 3 * 1000, single, 1);
  }

  @Test
  void targetsAreJudgedByMediansOfRounds() {
    WorkloadResult lm =
        new WorkloadResult(
            "lm-full",
            Map.of(),
            Map.of("vocabulary", "60002", "embedding", "400", "hidden", "1150"),
            List.of(
                side(
                    "ulmfit bf16",
                    measurement("step", 4480, 3),
                    measurement("step", 4480, 100),
                    measurement("step", 4480, 3)),
                side(Workload.FASTAI, measurement("step", 4480, 9.3))),
            null);
    List<Targets.Row> rows = Targets.of(Map.of("lm-full", lm));
    Targets.Row fastai = rows.get(0);
    assertEquals("3.10 ×", fastai.value());
    assertTrue(fastai.met() && fastai.verdict().equals("yes"));
    assertEquals("3.00 GB", rows.get(2).value());
    assertEquals("not measured", rows.get(1).verdict(), "no matmul peak");
    assertTrue(rows.stream().allMatch(r -> r.known() || r.value().equals("–")));
    String text = Report.of(Map.of("lm-full", lm)).markdown();
    assertTrue(text.contains("| lm-full: ulmfit bf16 over fastai | 3.10 |"), text);
    assertTrue(text.contains("| lm-full | fastai | 482 tokens/s, 3.00 GB |"), text);
  }

  @Test
  void kindsOfProcessorsStandSideBySide() {
    Map<String, Map<String, WorkloadResult>> kinds = new LinkedHashMap<>();
    for (int seconds = 1; seconds <= 2; seconds++) {
      WorkloadResult lm =
          new WorkloadResult(
              "lm-small",
              Map.of("processor", "P" + seconds, "features", "no bfloat16"),
              Map.of("vocabulary", "60002", "embedding", "400", "hidden", "1150"),
              List.of(side("ulmfit fp32", measurement("step", 1000, seconds))),
              null);
      kinds.put("P" + seconds + ", no bfloat16", Map.of("lm-small", lm));
    }
    Report second = Report.of(kinds.get("P2, no bfloat16"));
    String text = second.beside(Map.of("P1, no bfloat16", kinds.get("P1, no bfloat16"))).markdown();
    assertTrue(text.contains("| workload | side | P1, no bfloat16 | P2, no bfloat16 |"), text);
    assertTrue(
        text.contains(
            "| lm-small | ulmfit fp32 | 1,000 tokens/s, 3.00 GB | 500 tokens/s, 3.00 GB |"),
        text);
    assertEquals(kinds, second.beside(kinds).kinds(), "what is measured again is replaced");
  }

  @Test
  void theReportReplacesWhatStandsBetweenItsMarkers() {
    Report report = Report.of(Map.of());
    String page =
        "# Page\n\n<!-- bench: written by scripts/bench, do not edit -->\nOUTDATED\n<!-- bench: end -->\nrest\n";
    String once = report.into(page);
    assertTrue(once.startsWith("# Page\n\n<!-- bench"), once);
    assertTrue(once.endsWith("<!-- bench: end -->\nrest\n") && !once.contains("OUTDATED"), once);
    assertEquals(once, report.into(once));
    assertEquals(report.markdown(), report.into("no markers"));
  }

  @Test
  void documentsAndBatchesAreAFunctionOfTheSeed() throws Exception {
    var size = new ClassifierBench.Size(500, 8, 8, 16, 3);
    List<Spec> specs = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      Spec spec = Spec.create(dir.resolve("spec" + specs.size()), "classifier", seed, 2);
      ClassifierBench.write(spec, size);
      specs.add(spec);
    }
    assertEquals(specs.get(0).values(), specs.get(1).values());
    assertArrayEquals(specs.get(0).ids(), specs.get(1).ids());
    assertFalse(specs.get(0).values().get("lengths").equals(specs.get(2).values().get("lengths")));
    Set<Integer> documents = new HashSet<>();
    specs.get(0).values().get("batches").forEach(b -> b.forEach(d -> documents.add(d.intValue())));
    assertEquals(64, documents.size(), "every document in one batch");
  }

  @Test
  void textsHaveTheTokensTheyAreSaidToHave() throws Exception {
    Spec spec = Spec.create(dir, "predict", 1, 2);
    var size = new PredictionBench.Size(60_002, 8, 8, Map.of(50, 20), 2, 1);
    PredictionBench.write(spec, size);
    List<String> vocabulary = Spec.lines(spec.path("vocab"));
    assertEquals(60_002, new HashSet<>(vocabulary).size());
    try (TextPipeline pipeline = TextPipeline.of(Rules.FASTAI_2, TokenizerSpec.Word.SPACY_3)) {
      for (String text : Spec.lines(dir.resolve("texts-50.jsonl"))) {
        List<String> tokens = pipeline.documentTokens(List.of(text));
        assertEquals(50, tokens.size(), text);
        assertTrue(new HashSet<>(vocabulary).containsAll(tokens), text);
      }
    }
  }

  @Test
  void anUnknownWorkloadIsWrongUsage() {
    assertEquals(2, Bench.run("--only", "lm-huge"));
  }

  /** In processes of its own, as {@code scripts/bench --quick} runs it. */
  @Test
  @Tag("engine")
  void aWorkloadFromEndToEnd() throws Exception {
    Path results = dir.resolve("results");
    Path out = dir.resolve("report.md");
    assertEquals(
        0,
        Bench.run("--quick", "--only", "lm-small", "--results", "" + results, "--out", "" + out));
    WorkloadResult lm =
        Spec.JSON.readValue(results.resolve("lm-small.json").toFile(), WorkloadResult.class);
    assertEquals(Workload.precision(), lm.sides().get(0).name().substring("ulmfit ".length()));
    assertEquals(3, lm.sides().get(0).seconds("step").length);
    assertTrue(lm.sides().get(0).peakBytes() > 50e6);
    String report = Files.readString(out);
    assertTrue(report.contains("| lm-small | ulmfit fp32 |"), report);
    assertTrue(report.startsWith("A quick run"), report);
    assertTrue(Files.size(dir.resolve("report.json")) > 500);
  }
}
