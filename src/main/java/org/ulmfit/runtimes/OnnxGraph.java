package org.ulmfit.runtimes;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;

/**
 * An ONNX model in the making: nodes in the order in which they are added, and weights. The only
 * class that knows the classes of ONNX's protobuf. The same calls give the same bytes.
 */
final class OnnxGraph {

  /** The operators' version: that of ONNX 1.12. */
  static final int OPSET = 17;

  private static final int IR_VERSION = 8; // ONNX 1.12, too
  static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
  static final int INT32 = TensorProto.DataType.INT32_VALUE;
  static final int INT64 = TensorProto.DataType.INT64_VALUE;
  private static final long MAX_BYTES = Integer.MAX_VALUE - (1L << 20); // a protobuf message's

  private final NetworkWeights weights;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("classifier");
  private final Set<String> names = new HashSet<>();
  private long bytes;

  OnnxGraph(NetworkWeights weights) {
    this.weights = weights;
    graph.addInput(value("ids", INT64, "batch", "time"));
    graph.addInput(value("lengths", INT64, "batch"));
  }

  /** One of the model's tensors. */
  String weight(String name, long... shape) {
    return weight(name, shape, weights.of(name, shape));
  }

  /** One of the model's tensors, its values put into another order or shape. */
  String weight(String name, long[] stored, UnaryOperator<float[]> change, long... shape) {
    Supplier<float[]> values = weights.of(name, stored);
    return weight(name, shape, () -> change.apply(values.get()));
  }

  /** One of the model's tensors of whole numbers. */
  long[] numbers(String name) {
    return weights.numbers(name);
  }

  /**
   * A tensor of weights; the same name again is the same tensor.
   *
   * @throws UlmfitException (usage) if the model is larger than an ONNX file can be
   */
  String weight(String name, long[] shape, Supplier<float[]> values) {
    if (!names.add(name)) {
      return name;
    }
    bytes += Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
    if (bytes > MAX_BYTES) {
      throw UlmfitException.usage(
          "--format onnx: an .onnx file cannot hold the 2 GB of this model's weights; take"
              + " --format torchscript");
    }
    float[] floats = values.get();
    ByteBuffer raw = littleEndian(floats.length * Float.BYTES);
    raw.asFloatBuffer().put(floats);
    graph.addInitializer(tensor(name, FLOAT, raw, shape));
    return name;
  }

  /** A constant of int64 numbers, one-dimensional. */
  String longs(long... values) {
    return constant(values, values.length);
  }

  /** A constant int64 number, without dimensions. */
  String number(long value) {
    return constant(new long[] {value});
  }

  private String constant(long[] values, long... shape) {
    String name = "int64" + Arrays.toString(shape) + Arrays.toString(values);
    if (names.add(name)) {
      ByteBuffer raw = littleEndian(values.length * Long.BYTES);
      raw.asLongBuffer().put(values);
      graph.addInitializer(tensor(name, INT64, raw, shape));
    }
    return name;
  }

  /** A constant float32 number, without dimensions. */
  String number(float value) {
    return weight("float32[" + value + "]", new long[0], () -> new float[] {value});
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorProto tensor(String name, int type, ByteBuffer raw, long... shape) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor.setRawData(UnsafeByteOperations.unsafeWrap(raw)).build();
  }

  /** An attribute of a node. */
  record Attribute(AttributeProto proto) {

    static Attribute of(String name, long value) {
      return of(name, AttributeProto.AttributeType.INT, a -> a.setI(value));
    }

    static Attribute of(String name, long... values) {
      return of(
          name,
          AttributeProto.AttributeType.INTS,
          a -> {
            Arrays.stream(values).forEach(a::addInts);
            return a;
          });
    }

    static Attribute of(String name, float value) {
      return of(name, AttributeProto.AttributeType.FLOAT, a -> a.setF(value));
    }

    static Attribute of(String name, String value) {
      ByteString text = ByteString.copyFromUtf8(value);
      return of(name, AttributeProto.AttributeType.STRING, a -> a.setS(text));
    }

    private static Attribute of(
        String name,
        AttributeProto.AttributeType type,
        UnaryOperator<AttributeProto.Builder> value) {
      return new Attribute(
          value.apply(AttributeProto.newBuilder().setName(name).setType(type)).build());
    }
  }

  /**
   * Adds a node with one result.
   *
   * @param inputs an empty one is an optional input that is not given
   */
  String node(String operator, List<String> inputs, Attribute... attributes) {
    return nodes(operator, 1, inputs, attributes).get(0);
  }

  /** Adds a node with several results. */
  List<String> nodes(String operator, int results, List<String> inputs, Attribute... attributes) {
    String name = operator.toLowerCase(Locale.ROOT) + "_" + graph.getNodeCount();
    List<String> outputs = IntStream.range(0, results).mapToObj(k -> name + "." + k).toList();
    NodeProto.Builder node =
        NodeProto.newBuilder().setName(name).setOpType(operator).addAllInput(inputs);
    Arrays.stream(attributes).map(Attribute::proto).forEach(node::addAttribute);
    graph.addNode(node.addAllOutput(outputs));
    return outputs;
  }

  /** {@link #node} without attributes. */
  String node(String operator, String... inputs) {
    return node(operator, List.of(inputs));
  }

  /** A dimension is a number, or the name of one that is known when the model runs. */
  private static ValueInfoProto value(String name, int type, Object... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      TensorShapeProto.Dimension.Builder d = shape.addDimBuilder();
      if (dimension instanceof Integer n) {
        d.setDimValue(n);
      } else {
        d.setDimParam(dimension.toString());
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Writes the model whose result is {@code logits} (batch, classes). */
  void write(OutputStream out, String result, int classes) throws IOException {
    graph.addNode(
        NodeProto.newBuilder()
            .setName("logits")
            .setOpType("Identity")
            .addInput(result)
            .addOutput("logits"));
    graph.addOutput(value("logits", FLOAT, "batch", classes));
    ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .setProducerName("ulmfit")
        .setGraph(graph)
        .build()
        .writeTo(out);
  }
}
