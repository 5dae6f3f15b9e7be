package io.blipstream.model.engine.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.blipstream.model.engine.EngineFailures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the processor makes of products of unsigned and signed bytes. x86 without VNNI adds them in
 * pairs in 16 bits and cuts off what does not fit, which large activations on large weights do not:
 * there weights must be smaller. Found out by trying, since the runtime chooses its kernels itself.
 */
final class IntegerProducts {

  /** The largest weight of a signed byte, symmetric around 0. */
  static final int WHOLE_BYTE = 127;

  /** The largest of which two fit on the largest activations: 2 * 255 * 64 is below 2^15. */
  static final int IN_PAIRS = 64;

  private static final int LARGEST_INPUT = 255;
  private static final int DEPTH = 32;
  private static final int COLUMNS = 16;

  /** A row alone has kernels of its own. */
  private static final int[] ROWS = {1, 8};

  private IntegerProducts() {}

  /**
   * The largest weight whose products come out right.
   *
   * @throws io.blipstream.model.InferenceException if the runtime cannot multiply at all
   */
  static int largestWeight() {
    return areRight(WHOLE_BYTE) ? WHOLE_BYTE : IN_PAIRS;
  }

  /** Whether the largest inputs times weights of that size give what they should. */
  static boolean areRight(int weight) {
    float right = (float) DEPTH * LARGEST_INPUT * weight;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = OnnxSession.environment().createSession(graph(weight), options)) {
      for (int rows : ROWS) {
        if (!allAre(right, session, rows)) {
          return false;
        }
      }
      return true;
    } catch (OrtException e) {
      throw EngineFailures.of("ONNX Runtime does not multiply integers", e);
    }
  }

  private static boolean allAre(float right, OrtSession session, int rows) throws OrtException {
    ByteBuffer largest = ByteBuffer.allocateDirect(rows * DEPTH);
    while (largest.hasRemaining()) {
      largest.put((byte) LARGEST_INPUT);
    }
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                OnnxSession.environment(),
                largest.flip(),
                new long[] {rows, DEPTH},
                OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of("input", input))) {
      FloatBuffer products = OnnxSession.tensor(result, "products").getFloatBuffer();
      boolean all = true;
      while (products.hasRemaining()) {
        all &= products.get() == right;
      }
      return all;
    }
  }

  private static byte[] graph(int weight) {
    GraphWriter graph =
        new GraphWriter(
            (tensor, bytes) -> {
              throw new IOException("this graph has no file beside it");
            });
    byte[] weights = new byte[DEPTH * COLUMNS];
    Arrays.fill(weights, (byte) weight);
    graph.input("input", DataType.UINT8, "rows", Integer.toString(DEPTH));
    String one =
        graph.initializer(
            "one", DataType.FLOAT, GraphWriter.littleEndian(Float.BYTES).putFloat(0, 1));
    String products =
        graph
            .nodes(
                GraphWriter.MICROSOFT,
                "MatMulIntegerToFloat",
                1,
                List.of(
                    "input",
                    graph.initializer(
                        "weights", DataType.INT8, ByteBuffer.wrap(weights), DEPTH, COLUMNS),
                    one,
                    one))
            .get(0);
    graph.output(products, "products", DataType.FLOAT, "rows", Integer.toString(COLUMNS));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      graph.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
