package io.blipstream.model.engine.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An ONNX graph that is being put together; values go by their names. */
final class GraphWriter {

  /** Operators of ONNX Runtime's own, which fuse what ONNX spells out. */
  static final String MICROSOFT = "com.microsoft";

  private static final String ONNX = "";

  /** The first with GELU. */
  private static final int OPSET = 20;

  private static final int IR_VERSION = 10;

  /** Smaller constants stand in the graph itself, where the runtime can fold them. */
  private static final int INLINE_BYTES = 1024;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("blip");
  private final Set<String> initializers = new HashSet<>();
  private final LargeTensors weights;

  /**
   * @param weights takes what is too large for the graph itself
   */
  GraphWriter(LargeTensors weights) {
    this.weights = weights;
  }

  /** Adds a node of one output, and names that. */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    return nodes(ONNX, operator, 1, inputs, attributes).get(0);
  }

  /** Adds a node; an input that is left out is an empty name. */
  List<String> nodes(
      String domain,
      String operator,
      int outputs,
      List<String> inputs,
      AttributeProto... attributes) {
    String name = operator + "_" + graph.getNodeCount();
    List<String> results =
        IntStream.range(0, outputs).mapToObj(i -> outputs == 1 ? name : name + ":" + i).toList();
    graph.addNode(
        NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addAllOutput(results)
            .addAllAttribute(List.of(attributes)));
    return results;
  }

  boolean hasInitializer(String name) {
    return initializers.contains(name);
  }

  /**
   * Adds a constant tensor of little-endian bytes; one of the same name is taken to be the same.
   */
  String initializer(String name, DataType type, ByteBuffer bytes, long... shape) {
    if (initializers.add(name)) {
      TensorProto.Builder tensor =
          TensorProto.newBuilder()
              .setName(name)
              .setDataType(type.getNumber())
              .addAllDims(Arrays.stream(shape).boxed().toList());
      if (bytes.remaining() < INLINE_BYTES) {
        tensor.setRawData(ByteString.copyFrom(bytes));
      } else {
        append(tensor, bytes);
      }
      graph.addInitializer(tensor);
    }
    return name;
  }

  private void append(TensorProto.Builder tensor, ByteBuffer bytes) {
    try {
      weights.append(tensor, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A vector of integers, as shapes and axes are. */
  String integers(long... values) {
    String name =
        Arrays.stream(values)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(",", "integers[", "]"));
    return initializer(name, DataType.INT64, bytes(values), values.length);
  }

  private static ByteBuffer bytes(long... values) {
    ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return bytes;
  }

  /** A buffer as tensors' bytes stand in a graph. */
  static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Declares an input.
   *
   * @param dimensions a number each, or a name where runs may differ
   */
  void input(String name, DataType type, String... dimensions) {
    graph.addInput(info(name, type, dimensions));
  }

  /** Declares a value to be an output under a name of its own. */
  void output(String value, String name, DataType type, String... dimensions) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName("output_" + name)
            .addInput(value)
            .addOutput(name));
    graph.addOutput(info(name, type, dimensions));
  }

  private static ValueInfoProto info(String name, DataType type, String... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String dimension : dimensions) {
      TensorShapeProto.Dimension.Builder entry = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(
          Character.isDigit(dimension.charAt(0))
              ? entry.setDimValue(Long.parseLong(dimension))
              : entry.setDimParam(dimension));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  /** Writes the graph; its weights are in their file by now. */
  void write(OutputStream out) throws IOException {
    ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("blipstream")
        .addOpsetImport(operators(ONNX, OPSET))
        .addOpsetImport(operators(MICROSOFT, 1))
        .setGraph(graph)
        .build()
        .writeTo(out);
  }

  private static OperatorSetIdProto operators(String domain, int version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  /** Where tensors' bytes go that do not stand in the graph. */
  @FunctionalInterface
  interface LargeTensors {
    /** Takes bytes and says in the tensor where they are. */
    void append(TensorProto.Builder tensor, ByteBuffer bytes) throws IOException;
  }
}
