package io.blipstream.model.engine.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.checkpoint.HalfPrecision;
import io.blipstream.model.network.Ops;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records each operation as ONNX nodes.
 *
 * <p>Attention is ONNX Runtime's own operator, which never writes the scores of all pairs to
 * memory. In 8 bits a linear layer is an integer product whose input is quantised as it comes, once
 * for all layers that read it.
 */
final class OnnxOps implements Ops<OnnxValue> {

  private static final float NORMALIZE_EPSILON = 1e-12f;

  /** Integer inputs are unsigned, around this. */
  private static final byte ZERO_POINT = (byte) 128;

  private static final float LARGEST = 127;

  /** A row of zeros needs a scale, too. */
  private static final float SMALLEST_SCALE = 1e-12f;

  private final GraphWriter graph;
  private final ParameterSource parameters;
  private final NumericPrecision precision;
  private final int largestWeight;
  private final Map<String, List<String>> quantised = new HashMap<>();

  /**
   * @param largestWeight the largest in 8 bits
   */
  OnnxOps(
      GraphWriter graph,
      ParameterSource parameters,
      NumericPrecision precision,
      int largestWeight) {
    this.graph = graph;
    this.parameters = parameters;
    this.precision = precision;
    this.largestWeight = largestWeight;
  }

  /** The type of the graph's floats inside; inputs and outputs are 32 bits wide. */
  DataType floats() {
    return precision == NumericPrecision.FP16 ? DataType.FLOAT16 : DataType.FLOAT;
  }

  /** Declares an input of 32-bit floats. */
  OnnxValue floatInput(String name, String... dimensions) {
    graph.input(name, DataType.FLOAT, dimensions);
    return OnnxValue.of(cast(name, floats(), DataType.FLOAT), dimensions.length);
  }

  /** Declares an input of token ids, positions or row numbers. */
  OnnxValue integerInput(String name, String... dimensions) {
    graph.input(name, DataType.INT64, dimensions);
    return OnnxValue.of(name, dimensions.length);
  }

  /** Declares an output of 32-bit floats. */
  void floatOutput(OnnxValue value, String name, String... dimensions) {
    graph.output(cast(value.name(), DataType.FLOAT, floats()), name, DataType.FLOAT, dimensions);
  }

  private String cast(String value, DataType to, DataType from) {
    return to == from
        ? value
        : graph.node("Cast", List.of(value), Attributes.of("to", to.getNumber()));
  }

  @Override
  public OnnxValue parameter(String name, long... shape) {
    return OnnxValue.of(weight(name, shape), shape.length);
  }

  private String weight(String name, long... shape) {
    return graph.hasInitializer(name)
        ? name
        : graph.initializer(name, floats(), bytes(parameters.read(name, shape)), shape);
  }

  private ByteBuffer bytes(float... values) {
    if (floats() == DataType.FLOAT16) {
      ByteBuffer bytes = GraphWriter.littleEndian(values.length * Short.BYTES);
      for (float value : values) {
        bytes.putShort(HalfPrecision.toF16(value));
      }
      return bytes.flip();
    }
    return floatBytes(values);
  }

  private static ByteBuffer floatBytes(float... values) {
    ByteBuffer bytes = GraphWriter.littleEndian(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private String constant(float value) {
    return graph.initializer("float[" + value + "]", floats(), bytes(value));
  }

  @Override
  public OnnxValue linear(OnnxValue x, String weight, String bias, int in, int out) {
    return OnnxValue.ofColumns(
        x.rank(),
        () -> columns(x, weight, bias, in, out, 0, out),
        (from, to) -> OnnxValue.of(columns(x, weight, bias, in, out, from, to), x.rank()));
  }

  private String columns(
      OnnxValue x, String weight, String bias, int in, int out, int from, int to) {
    Int8Scheme scheme =
        precision == NumericPrecision.INT8 ? Int8Scheme.of(weight) : Int8Scheme.NONE;
    return switch (scheme) {
      case WHOLE_INPUT -> {
        List<String> input = wholeInput(x.name());
        yield product(
            input.get(0),
            input.get(1),
            input.get(2),
            int8(weight, in, out, from, to),
            slice(bias, out, from, to));
      }
      case EACH_TOKEN -> {
        List<String> input = eachToken(x.name());
        String unscaled =
            product(input.get(0), one(), zeroPoint(), int8(weight, in, out, from, to), "");
        yield graph.node(
            "Add",
            List.of(
                graph.node("Mul", List.of(unscaled, input.get(1))), slice(bias, out, from, to)));
      }
      case NONE -> floatColumns(x, weight, bias, in, out, from, to);
    };
  }

  private String product(
      String input, String scale, String zeroPoint, List<String> weight, String bias) {
    return graph
        .nodes(
            GraphWriter.MICROSOFT,
            "MatMulIntegerToFloat",
            1,
            List.of(input, weight.get(0), scale, weight.get(1), zeroPoint, "", bias))
        .get(0);
  }

  /** Values, scale and zero point. */
  private List<String> wholeInput(String x) {
    return quantised.computeIfAbsent(
        x, name -> graph.nodes("", "DynamicQuantizeLinear", 3, List.of(name)));
  }

  /** Values, and the scale of each token [.., 1]. */
  private List<String> eachToken(String x) {
    return quantised.computeIfAbsent(
        x,
        name -> {
          String largest =
              graph.node(
                  "ReduceMax",
                  List.of(graph.node("Abs", List.of(name)), graph.integers(-1)),
                  Attributes.of("keepdims", 1));
          String scale =
              graph.node(
                  "Max",
                  List.of(
                      graph.node("Mul", List.of(largest, constant(1 / LARGEST))),
                      constant(SMALLEST_SCALE)));
          String values =
              graph.node(
                  "QuantizeLinear",
                  List.of(graph.node("Div", List.of(name, scale)), one(), zeroPoint()));
          return List.of(values, scale);
        });
  }

  /** The scale of what is scaled elsewhere. */
  private String one() {
    return graph.initializer("one", DataType.FLOAT, floatBytes(1));
  }

  private String zeroPoint() {
    return graph.initializer(
        "zero_point", DataType.UINT8, ByteBuffer.wrap(new byte[] {ZERO_POINT}));
  }

  /** Values [in, to - from] and scales. */
  private List<String> int8(String weight, int in, int out, int from, int to) {
    String name = part(weight, out, from, to) + ".int8";
    String scales = name + ".scales";
    if (!graph.hasInitializer(name)) {
      Int8Weights rounded =
          Int8Weights.of(parameters.read(weight, out, in), in, from, to, largestWeight);
      graph.initializer(name, DataType.INT8, rounded.values(), in, to - from);
      graph.initializer(scales, DataType.FLOAT, floatBytes(rounded.scales()), to - from);
    }
    return List.of(name, scales);
  }

  private String floatColumns(
      OnnxValue x, String weight, String bias, int in, int out, int from, int to) {
    String sliceOfBias = slice(bias, out, from, to);
    if (x.rank() == 2 && to - from == out) {
      return graph.node(
          "Gemm",
          List.of(x.name(), weight(weight, out, in), sliceOfBias),
          Attributes.of("transB", 1));
    }
    String name = part(weight, out, from, to) + ".transposed";
    if (!graph.hasInitializer(name)) {
      float[] transposed = transpose(parameters.read(weight, out, in), in, from, to);
      graph.initializer(name, floats(), bytes(transposed), in, to - from);
    }
    return graph.node("Add", List.of(graph.node("MatMul", List.of(x.name(), name)), sliceOfBias));
  }

  private static float[] transpose(float[] weight, int in, int from, int to) {
    int out = to - from;
    float[] transposed = new float[in * out];
    for (int row = 0; row < out; row++) {
      for (int i = 0; i < in; i++) {
        transposed[i * out + row] = weight[(from + row) * in + i];
      }
    }
    return transposed;
  }

  private String slice(String bias, int out, int from, int to) {
    String name = part(bias, out, from, to);
    return graph.hasInitializer(name)
        ? name
        : graph.initializer(
            name,
            floats(),
            bytes(Arrays.copyOfRange(parameters.read(bias, out), from, to)),
            to - from);
  }

  private static String part(String name, int out, int from, int to) {
    return to - from == out ? name : "%s[%d:%d]".formatted(name, from, to);
  }

  @Override
  public OnnxValue layerNorm(OnnxValue x, String name, int width, float epsilon) {
    return OnnxValue.of(
        graph.node(
            "LayerNormalization",
            List.of(x.name(), weight(name + ".weight", width), weight(name + ".bias", width)),
            Attributes.of("axis", -1),
            Attributes.of("epsilon", epsilon)),
        x.rank());
  }

  @Override
  public OnnxValue gelu(OnnxValue x) {
    return OnnxValue.of(graph.node("Gelu", List.of(x.name())), x.rank());
  }

  @Override
  public OnnxValue add(OnnxValue a, OnnxValue b) {
    return OnnxValue.of(
        graph.node("Add", List.of(a.name(), b.name())), Math.max(a.rank(), b.rank()));
  }

  @Override
  public OnnxValue patches(OnnxValue images, String name, int width, int patch) {
    String grid =
        graph.node(
            "Conv",
            List.of(
                images.name(),
                weight(name + ".weight", width, 3, patch, patch),
                weight(name + ".bias", width)),
            Attributes.of("kernel_shape", patch, patch),
            Attributes.of("strides", patch, patch));
    String rows = graph.node("Reshape", List.of(grid, graph.integers(0, 0, -1)));
    return OnnxValue.of(transpose(rows, 0, 2, 1), 3);
  }

  @Override
  public OnnxValue prepend(OnnxValue token, OnnxValue sequence) {
    String count = firstDimension(sequence.name());
    String shape =
        graph.node("Concat", List.of(count, graph.integers(1, 1)), Attributes.of("axis", 0));
    String each = graph.node("Expand", List.of(token.name(), shape));
    return concat(OnnxValue.of(each, 3), sequence, 1);
  }

  private String firstDimension(String x) {
    return graph.node("Shape", List.of(x), Attributes.of("start", 0), Attributes.of("end", 1));
  }

  @Override
  public OnnxValue embedding(OnnxValue ids, String name, int rows, int width) {
    return OnnxValue.of(
        graph.node("Gather", List.of(weight(name + ".weight", rows, width), ids.name())),
        ids.rank() + 1);
  }

  @Override
  public OnnxValue splitHeads(OnnxValue x, int heads) {
    return OnnxValue.headsOf(
        x,
        heads,
        () ->
            transpose(
                graph.node("Reshape", List.of(x.name(), graph.integers(0, 0, heads, -1))),
                0,
                2,
                1,
                3));
  }

  @Override
  public OnnxValue mergeHeads(OnnxValue x) {
    return x.merged()
        .orElseGet(
            () ->
                OnnxValue.of(
                    graph.node(
                        "Reshape",
                        List.of(transpose(x.name(), 0, 2, 1, 3), graph.integers(0, 0, -1))),
                    3));
  }

  private String transpose(String x, long... axes) {
    return graph.node("Transpose", List.of(x), Attributes.of("perm", axes));
  }

  @Override
  public OnnxValue attention(OnnxValue queries, OnnxValue keys, OnnxValue values) {
    return attention(queries, keys, values, Optional.empty());
  }

  @Override
  public OnnxValue attention(OnnxValue queries, OnnxValue keys, OnnxValue values, OnnxValue mask) {
    return attention(queries, keys, values, Optional.of(mask));
  }

  /**
   * The operator takes queries with heads merged, keys and values either way but both alike, and
   * gives its result with heads merged.
   */
  private OnnxValue attention(
      OnnxValue queries, OnnxValue keys, OnnxValue values, Optional<OnnxValue> mask) {
    int heads = queries.heads();
    boolean merged = keys.merged().isPresent() && values.merged().isPresent();
    List<String> inputs =
        new ArrayList<>(
            List.of(
                mergeHeads(queries).name(),
                merged ? mergeHeads(keys).name() : keys.name(),
                merged ? mergeHeads(values).name() : values.name()));
    mask.ifPresent(bias -> inputs.addAll(List.of("", "", bias.name())));
    OnnxValue result =
        OnnxValue.of(
            graph
                .nodes(
                    GraphWriter.MICROSOFT,
                    "MultiHeadAttention",
                    1,
                    inputs,
                    Attributes.of("num_heads", heads))
                .get(0),
            3);
    return splitHeads(result, heads);
  }

  @Override
  public OnnxValue slice(OnnxValue x, int axis, long from, long to) {
    boolean last = axis == x.rank() - 1;
    return x.columns()
        .filter(columns -> last)
        .map(columns -> columns.of(Math.toIntExact(from), Math.toIntExact(to)))
        .orElseGet(
            () ->
                OnnxValue.of(
                    graph.node(
                        "Slice",
                        List.of(
                            x.name(),
                            graph.integers(from),
                            graph.integers(to),
                            graph.integers(axis))),
                    x.rank()));
  }

  @Override
  public OnnxValue concat(OnnxValue a, OnnxValue b, int axis) {
    return OnnxValue.of(
        graph.node("Concat", List.of(a.name(), b.name()), Attributes.of("axis", axis)), a.rank());
  }

  @Override
  public OnnxValue token(OnnxValue x, int index) {
    String number =
        graph.initializer(
            "integer[" + index + "]",
            DataType.INT64,
            GraphWriter.littleEndian(Long.BYTES).putLong(0, index));
    return OnnxValue.of(
        graph.node("Gather", List.of(x.name(), number), Attributes.of("axis", 1)), x.rank() - 1);
  }

  @Override
  public OnnxValue rows(OnnxValue matrix, OnnxValue numbers) {
    return OnnxValue.of(
        graph.node("Gather", List.of(matrix.name(), numbers.name())), matrix.rank());
  }

  @Override
  public OnnxValue reshape(OnnxValue x, long... shape) {
    return OnnxValue.of(
        graph.node("Reshape", List.of(x.name(), graph.integers(shape))), shape.length);
  }

  @Override
  public OnnxValue regroup(OnnxValue x, OnnxValue like) {
    String shape =
        graph.node(
            "Concat",
            List.of(firstDimension(like.merged().orElse(like).name()), graph.integers(-1, 0)),
            Attributes.of("axis", 0));
    return OnnxValue.of(graph.node("Reshape", List.of(x.name(), shape)), 3);
  }

  @Override
  public OnnxValue normalize(OnnxValue x) {
    String length =
        graph.node("ReduceL2", List.of(x.name(), graph.integers(-1)), Attributes.of("keepdims", 1));
    String divisor = graph.node("Max", List.of(length, constant(NORMALIZE_EPSILON)));
    return OnnxValue.of(graph.node("Div", List.of(x.name(), divisor)), x.rank());
  }

  /** Where parameters are read from as they are recorded. */
  @FunctionalInterface
  interface ParameterSource {
    /** Values of a parameter, row-major. */
    float[] read(String name, long... shape);
  }
}
