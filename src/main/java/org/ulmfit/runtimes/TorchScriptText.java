package org.ulmfit.runtimes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ulmfit.io.TorchScriptArchive;
import org.ulmfit.nn.Kernels;

/**
 * {@code forward} of a module in the making: its lines, in serialised TorchScript form, the weights
 * that they name and the kernels that they call, whose text is the engine's own.
 */
final class TorchScriptText {

  private static final Pattern CALL = Pattern.compile("\\(self\\)\\.(\\w+)\\(");
  private static final Pattern DEFINED = Pattern.compile("  def (\\w+)\\(");

  private final NetworkWeights weights;
  private final Map<String, TorchScriptArchive.Tensor> tensors = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();
  private String indent = "    ";

  TorchScriptText(NetworkWeights weights) {
    this.weights = weights;
  }

  /** An expression that is one of the model's tensors. */
  String weight(String name, long... shape) {
    return tensor(name, weights.of(name, shape), shape);
  }

  /** An expression that is a tensor of the module; the same name again is the same tensor. */
  String tensor(String name, Supplier<float[]> values, long... shape) {
    String attribute = "w_" + name.replaceAll("\\W", "_");
    tensors.putIfAbsent(attribute, new TorchScriptArchive.Tensor(attribute, shape, values));
    return "self." + attribute;
  }

  /** One of the model's tensors of whole numbers. */
  long[] numbers(String name) {
    return weights.numbers(name);
  }

  /** An expression that calls a kernel. */
  String call(String kernel, Object... arguments) {
    StringBuilder call = new StringBuilder("(self)." + kernel + "(");
    for (Object argument : arguments) {
      boolean flag = argument instanceof Boolean;
      call.append(flag ? (Boolean.TRUE.equals(argument) ? "True" : "False") : argument);
      call.append(", ");
    }
    return call.append(')').toString();
  }

  /** Adds the line {@code name = expression}. */
  TorchScriptText set(String name, String expression) {
    lines.add(indent + name + " = " + expression);
    return this;
  }

  /** The lines that follow, up to {@link #end}, are done so many times, i counting from 0. */
  void times(String count) {
    lines.add(indent + "for i in range(" + count + "):");
    indent += "  ";
  }

  /** Ends what {@link #times} began. */
  void end() {
    indent = indent.substring(2);
  }

  /** Writes the module whose {@code forward} returns an expression. */
  void write(OutputStream out, String result) throws IOException {
    String forward =
        "  def forward(self: __torch__.Ops, ids: Tensor, lengths: Tensor) -> Tensor:\n"
            + String.join("\n", lines)
            + "\n    return "
            + result
            + "\n";
    TorchScriptArchive.write(out, forward + kernels(forward), List.copyOf(tensors.values()));
  }

  /** The kernels that a method calls, and those that they call. */
  private static String kernels(String method) {
    Map<String, String> all = definitions();
    Set<String> needed = new LinkedHashSet<>();
    Deque<String> texts = new ArrayDeque<>(List.of(method));
    while (!texts.isEmpty()) {
      for (Matcher call = CALL.matcher(texts.pop()); call.find(); ) {
        if (needed.add(call.group(1))) {
          texts.add(Objects.requireNonNull(all.get(call.group(1)), call.group(1)));
        }
      }
    }
    return needed.stream().map(all::get).collect(Collectors.joining());
  }

  /** Every kernel's definition by its name. */
  private static Map<String, String> definitions() {
    Map<String, StringBuilder> all = new LinkedHashMap<>();
    StringBuilder current = new StringBuilder();
    for (String line : (Kernels.source(Kernels.Arithmetic.FLOAT32) + own()).lines().toList()) {
      Matcher defined = DEFINED.matcher(line);
      if (defined.lookingAt()) {
        current = new StringBuilder();
        all.put(defined.group(1), current);
      }
      current.append(line).append('\n');
    }
    Map<String, String> texts = new LinkedHashMap<>();
    all.forEach((name, text) -> texts.put(name, text.toString()));
    return texts;
  }

  private static String own() {
    try (InputStream in = TorchScriptText.class.getResourceAsStream("torchscript.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
