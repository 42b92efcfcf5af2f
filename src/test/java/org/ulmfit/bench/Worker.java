package org.ulmfit.bench;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.Version;
import org.ulmfit.nn.Torch;

/** One workload of ours, in a process of its own: {@code Worker SPEC OUT name=value...}. */
public final class Worker {

  private Worker() {}

  public static void main(String[] arguments) throws Exception {
    Spec spec = Spec.read(Path.of(arguments[0]));
    Map<String, String> options = new HashMap<>();
    for (String argument : Arrays.asList(arguments).subList(2, arguments.length)) {
      int at = argument.indexOf('=');
      options.put(argument.substring(0, at), argument.substring(at + 1));
    }
    Measurement measured = run(spec, options);
    measured.facts().put("libtorch", Version.libtorch());
    measured.facts().put("java", System.getProperty("java.version"));
    Spec.JSON.writeValue(Path.of(arguments[1]).toFile(), measured);
  }

  static List<String> precisions() {
    return Machine.hasBfloat16() ? List.of("fp32", "bf16") : List.of("fp32");
  }

  static Measurement run(Spec spec, Map<String, String> options) throws Exception {
    String precision = options.getOrDefault("precision", "fp32");
    return switch (spec.values().get("kind").textValue()) {
      case "peaks" ->
          MatmulPeaks.measure(
              MatmulPeaks.shapes(
                  spec.number("square"),
                  spec.number("vocabulary"),
                  spec.number("embedding"),
                  spec.number("rows")),
              precisions(),
              spec.number("repeats"));
      case "lm" -> languageModel(spec, precision, options);
      case "classifier" -> ClassifierBench.train(spec, precision);
      case "predict", "start" -> {
        if (options.containsKey("models")) {
          PredictionBench.models(spec, Arrays.asList(options.get("models").split(",")));
          yield Measurement.empty();
        }
        yield PredictionBench.predict(spec, precision);
      }
      case "text" -> TokenizingBench.tokenize(spec);
      default -> throw new IllegalArgumentException(spec.values().get("kind").textValue());
    };
  }

  private static Measurement languageModel(Spec spec, String precision, Map<String, String> options)
      throws Exception {
    LmStepBench.Size size =
        new LmStepBench.Size(
            spec.number("vocabulary"),
            spec.number("embedding"),
            spec.number("hidden"),
            spec.number("batch"),
            spec.number("bptt"),
            spec.number("steps"),
            precision,
            options.getOrDefault("softmax", "full"));
    boolean twin = options.containsKey("twin");
    LmStepBench.Timing timing = twin ? LmStepBench.twin(size) : LmStepBench.ours(size);
    Measurement measured = Measurement.empty();
    for (double seconds : timing.seconds()) {
      measured.add("step", seconds, (double) timing.tokens());
    }
    measured.facts().put("threads", Integer.toString(Torch.threads()));
    measured.facts().put("device", Device.cpu().toString());
    return measured;
  }
}
