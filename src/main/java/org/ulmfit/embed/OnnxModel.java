package org.ulmfit.embed;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.embed.OnnxGraph.Value;

/**
 * An ONNX model of tokens, run by ONNX Runtime: ids and a mask in, a vector for each token or each
 * text out. Each call computes on its own thread; any number may be under way.
 */
final class OnnxModel implements AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final List<String> KNOWN = List.of(IDS, MASK, TYPES);

  private final String name;
  private final OnnxGraph graph;
  private final Value output;
  private final Model model;
  private final Block block;

  private OnnxModel(String name, OnnxGraph graph, Value output, Model model) {
    this.name = name;
    this.graph = graph;
    this.output = output;
    this.model = model;
    this.block = model.getBlock();
  }

  /**
   * Opens a model, once its inputs and outputs have been looked at.
   *
   * @param pooling {@link Pooling#OWN} takes vectors of texts, the others vectors of tokens
   * @throws UlmfitException (bad model) if it asks for what there is not, lacks such vectors, or is
   *     not read by ONNX Runtime; (failure) if that is not there
   */
  static OnnxModel open(OnnxFile file, Pooling pooling) {
    OnnxGraph graph = file.graph();
    Value output = check(file.name(), graph, pooling);
    OnnxStart.ready();
    Model model = Model.newInstance(file.name(), Device.cpu(), OnnxStart.NAME);
    try {
      file.load(model, Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1"));
      return new OnnxModel(file.name(), graph, output, model);
    } catch (IOException | RuntimeException | ai.djl.MalformedModelException e) {
      model.close();
      throw refused(file.name(), reason(e), e);
    }
  }

  /**
   * The output that gives the vectors.
   *
   * @throws UlmfitException (bad model) if the model asks for what there is not, or lacks it
   */
  static Value check(String name, OnnxGraph graph, Pooling pooling) {
    if (graph.external() != null) {
      throw refused(
          name,
          "its weight "
              + graph.external()
              + " lies in another file, which is not opened; save it with all weights inside",
          null);
    }
    for (Value input : graph.inputs()) {
      boolean whole = input.type() == OnnxGraph.INT64 || input.type() == OnnxGraph.INT32;
      if (!KNOWN.contains(input.name()) || !whole || input.rank() >= 0 && input.rank() != 2) {
        throw refused(
            name,
            "it asks for "
                + input.name()
                + ", where a sentence encoder takes input_ids, attention_mask and token_type_ids"
                + " (rows, tokens) of whole numbers; export the encoder alone",
            null);
      }
      if (input.fixed() != 0) {
        throw refused(
            name,
            "its "
                + input.name()
                + " has a fixed size of "
                + input.fixed()
                + "; export it for any number of rows and tokens",
            null);
      }
    }
    if (graph.inputs().stream().noneMatch(input -> input.name().equals(IDS))) {
      throw refused(name, "it takes no input_ids; export the encoder of a text model", null);
    }
    return output(name, graph, pooling);
  }

  private static Value output(String name, OnnxGraph graph, Pooling pooling) {
    int rank = pooling == Pooling.OWN ? 2 : 3;
    return graph.outputs().stream()
        .filter(output -> output.rank() == rank && output.type() == OnnxGraph.FLOAT)
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    name,
                    "it has no output (rows, "
                        + (rank == 2 ? "" : "tokens, ")
                        + "numbers) of float32, only "
                        + graph.outputs().stream()
                            .map(o -> o.name() + " of rank " + o.rank() + ", type " + o.type())
                            .toList()
                        + "; export the encoder with its last hidden state",
                    null));
  }

  /** Whether a model gives vectors of texts and none of tokens. */
  static boolean poolsItself(OnnxGraph graph) {
    return graph.outputs().stream().noneMatch(output -> output.rank() == 3)
        && graph.outputs().stream().anyMatch(output -> output.rank() == 2);
  }

  /** Whether a row's states depend on others: without a mask what fills it up is read, too. */
  boolean dependsOnBatch() {
    return graph.dependsOnBatch()
        || graph.inputs().stream().noneMatch(input -> input.name().equals(MASK));
  }

  /**
   * Runs it on rows, the shorter ones filled up behind.
   *
   * @param rows (rows, tokens) ids
   * @param length of the longest
   * @return (rows, length, numbers) or, where it pools itself, (rows, numbers)
   * @throws UlmfitException (bad model) if it cannot
   */
  FloatBuffer run(List<int[]> rows, int length) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList inputs = new NDList();
      for (Value input : graph.inputs()) {
        inputs.add(array(manager, input, rows, length));
      }
      NDList outputs = block.forward(new ParameterStore(manager, false), inputs, false);
      NDArray found = outputs.get(output.name());
      long[] shape = found.getShape().getShape();
      long[] wanted =
          output.rank() == 2
              ? new long[] {rows.size(), shape[shape.length - 1]}
              : new long[] {rows.size(), length, shape[shape.length - 1]};
      if (!Arrays.equals(shape, wanted)) {
        throw refused(
            name,
            "it answered "
                + Arrays.toString(shape)
                + " to "
                + rows.size()
                + " rows of "
                + length
                + " tokens; export the encoder anew",
            null);
      }
      return found.toByteBuffer().asFloatBuffer();
    } catch (UlmfitException e) {
      throw e;
    } catch (RuntimeException e) {
      throw refused(
          name,
          Shown.format(
              "it does not read %d tokens: %s; if its window is shorter, set embedding.window",
              length, reason(e)),
          e);
    }
  }

  private static NDArray array(NDManager manager, Value input, List<int[]> rows, int length) {
    long[] values = new long[rows.size() * length];
    for (int row = 0; row < rows.size(); row++) {
      int[] ids = rows.get(row);
      for (int i = 0; i < ids.length; i++) {
        values[row * length + i] =
            input.name().equals(IDS) ? ids[i] : input.name().equals(MASK) ? 1 : 0;
      }
    }
    Shape shape = new Shape(rows.size(), length);
    NDArray array =
        input.type() == OnnxGraph.INT64
            ? manager.create(LongBuffer.wrap(values), shape, DataType.INT64)
            : manager.create(
                IntBuffer.wrap(Arrays.stream(values).mapToInt(v -> (int) v).toArray()),
                shape,
                DataType.INT32);
    array.setName(input.name());
    return array;
  }

  private static String reason(Exception e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage());
    return message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^Error code - \\S+ - message: ", "")
        .replaceFirst("^.* Status Message: ", "")
        .replaceFirst("^/\\S+:\\d+ .* was false\\. ", ""); // a place in its own source
  }

  private static UlmfitException refused(
      String name, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new UlmfitException(
        UlmfitException.Kind.BAD_MODEL, name + ": no sentence encoder: " + why, cause);
  }

  @Override
  public void close() {
    model.close();
  }
}
