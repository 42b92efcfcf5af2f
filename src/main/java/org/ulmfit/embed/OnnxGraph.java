package org.ulmfit.embed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an ONNX file says of its graph, read without running anything: the protocol buffers of
 * onnx.proto, of which only the fields below are looked at.
 *
 * <pre>
 * ModelProto     7 graph  25 functions                 TensorProto    8 name  13 external_data  14 data_location
 * GraphProto     1 node  5 initializer  11 input       NodeProto      4 op_type  5 attribute
 *                12 output  15 sparse_initializer      AttributeProto 5 t  6 g  10 tensors  11 graphs  22, 23 sparse
 * ValueInfoProto 1 name  2 type                        TypeProto      1 tensor: 1 elem_type  2 shape: 1 dim: 1 dim_value
 * </pre>
 */
final class OnnxGraph {
  /** Element types of onnx.proto. */
  static final int FLOAT = 1;

  static final int INT32 = 6;
  static final int INT64 = 7;

  private static final int DEEPEST = 64;
  private static final Set<String> PER_BATCH =
      Set.of("DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM");

  /**
   * An input or output.
   *
   * @param type of its elements
   * @param rank number of dimensions; -1: not said
   * @param fixed the first dimension that is a number; 0: none is
   */
  record Value(String name, int type, int rank, long fixed) {}

  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final Set<String> initializers = new HashSet<>();
  private boolean quantised;
  private boolean graph;
  private @Nullable String external;

  private OnnxGraph() {}

  /**
   * Reads a file's bytes.
   *
   * @throws IllegalArgumentException if they are no model
   */
  static OnnxGraph of(ByteBuffer bytes) {
    OnnxGraph found = new OnnxGraph();
    found.fields(
        bytes,
        0,
        (field, body, value) -> {
          if (field == 7) {
            found.graph = true;
            found.graph(body, 1, true);
          } else if (field == 25) { // a function: its nodes
            found.fields(body, 1, (f, b, v) -> found.when(f == 7, () -> found.node(b, 2)));
          }
        });
    if (!found.graph) {
      throw new IllegalArgumentException("it has no graph");
    }
    found.inputs.removeIf(input -> found.initializers.contains(input.name));
    return found;
  }

  /** What the model asks for. */
  List<Value> inputs() {
    return inputs;
  }

  /** What it answers. */
  List<Value> outputs() {
    return outputs;
  }

  /**
   * Whether activations are quantised by their range in the whole batch, so that what a text comes
   * to depends on those beside it.
   */
  boolean dependsOnBatch() {
    return quantised;
  }

  /** The first weight that lies in another file; null: none does. */
  @Nullable String external() {
    return external;
  }

  private void graph(ByteBuffer bytes, int depth, boolean outer) {
    fields(
        bytes,
        depth,
        (field, body, value) -> {
          switch (field) {
            case 1 -> node(body, depth + 1);
            case 5 -> tensor(body, depth + 1, outer);
            case 15 -> sparse(body, depth + 1);
            case 11 -> when(outer, () -> inputs.add(value(body, depth + 1)));
            case 12 -> when(outer, () -> outputs.add(value(body, depth + 1)));
            default -> {}
          }
        });
  }

  private void node(ByteBuffer bytes, int depth) {
    fields(
        bytes,
        depth,
        (field, body, value) -> {
          if (field == 4) {
            quantised |= PER_BATCH.contains(text(body));
          } else if (field == 5) {
            attribute(body, depth + 1);
          }
        });
  }

  private void attribute(ByteBuffer bytes, int depth) {
    fields(
        bytes,
        depth,
        (field, body, value) -> {
          switch (field) {
            case 5, 10 -> tensor(body, depth + 1, false);
            case 6, 11 -> graph(body, depth + 1, false);
            case 22, 23 -> sparse(body, depth + 1);
            default -> {}
          }
        });
  }

  private void sparse(ByteBuffer bytes, int depth) {
    fields(
        bytes,
        depth,
        (field, body, value) ->
            when(field == 1 || field == 2, () -> tensor(body, depth + 1, false)));
  }

  private void tensor(ByteBuffer bytes, int depth, boolean initializer) {
    String[] name = {""};
    boolean[] elsewhere = {false};
    fields(
        bytes,
        depth,
        (field, body, value) -> {
          if (field == 8) {
            name[0] = text(body);
          }
          elsewhere[0] |= field == 13 || field == 14 && value != 0;
        });
    when(initializer, () -> initializers.add(name[0]));
    if (elsewhere[0] && external == null) {
      external = name[0];
    }
  }

  private Value value(ByteBuffer bytes, int depth) {
    String[] name = {""};
    long[] found = {0, -1, 0}; // type, rank, fixed
    fields(
        bytes,
        depth,
        (field, body, v) -> {
          if (field == 1) {
            name[0] = text(body);
          } else if (field == 2) {
            fields(body, depth + 1, (f, b, w) -> when(f == 1, () -> type(b, depth + 2, found)));
          }
        });
    return new Value(name[0], (int) found[0], (int) found[1], found[2]);
  }

  private void type(ByteBuffer bytes, int depth, long[] found) {
    fields(
        bytes,
        depth,
        (field, body, value) -> {
          if (field == 1) {
            found[0] = value;
          } else if (field == 2) {
            found[1] = 0;
            fields(body, depth + 1, (f, b, v) -> when(f == 1, () -> dim(b, depth + 2, found)));
          }
        });
  }

  private void dim(ByteBuffer bytes, int depth, long[] found) {
    found[1]++;
    fields(bytes, depth, (f, b, v) -> when(f == 1 && found[2] == 0, () -> found[2] = v));
  }

  private void when(boolean wanted, Runnable what) {
    if (wanted) {
      what.run();
    }
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private interface Field {
    /**
     * @param body of a field that has a length; otherwise empty
     * @param value of one that is a number; otherwise 0
     */
    void of(int field, ByteBuffer body, long value);
  }

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  /** Every field of a message, in order. */
  private void fields(ByteBuffer message, int depth, Field each) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("nested deeper than " + DEEPEST + " levels");
    }
    ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      int field = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case 0 -> each.of(field, EMPTY, varint(in));
        case 1 -> skip(in, 8);
        case 2 -> {
          int length = length(in, varint(in));
          ByteBuffer body = in.slice(in.position(), length);
          in.position(in.position() + length);
          each.of(field, body, 0);
        }
        case 5 -> skip(in, 4);
        default -> throw new IllegalArgumentException("not of protocol buffers");
      }
    }
  }

  private static void skip(ByteBuffer in, long bytes) {
    in.position(in.position() + length(in, bytes));
  }

  private static int length(ByteBuffer in, long bytes) {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new IllegalArgumentException("cut short");
    }
    return (int) bytes;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!in.hasRemaining()) {
        throw new IllegalArgumentException("cut short");
      }
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("not of protocol buffers");
  }
}
