package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.blipstream.model.InferenceException;
import io.blipstream.model.engine.EngineFailures;
import io.blipstream.model.engine.FloatRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A graph that is loaded into ONNX Runtime, and the tensors it takes and gives. */
final class OnnxSession implements AutoCloseable {

  /** Held for reading by every run, and for writing once no run may start any more. */
  private static final ReadWriteLock RUNS = new ReentrantReadWriteLock();

  private final OrtSession session;

  private OnnxSession(OrtSession session) {
    this.session = session;
  }

  /**
   * Loads a graph.
   *
   * @throws InferenceException if the runtime cannot use it
   */
  static OnnxSession open(Path graph, OrtSession.SessionOptions options) {
    try {
      return new OnnxSession(environment().createSession(graph.toString(), options));
    } catch (OrtException e) {
      throw EngineFailures.of("ONNX Runtime cannot load " + graph, e);
    }
  }

  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment();
  }

  /**
   * Runs the graph.
   *
   * @param what for the error, such as {@code "encoding an image"}
   * @param inputs all of them
   * @param places where outputs are written to; the others are not computed for anyone
   * @throws io.blipstream.model.OutOfDeviceMemoryException if it did not fit into memory
   * @throws InferenceException if the runtime failed in another way
   */
  void run(String what, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> places) {
    run(what, inputs, Set.of(), places).close();
  }

  /**
   * Runs the graph for outputs in memory of the runtime's, too.
   *
   * @param outputs their names; the result, which the caller closes, has no others
   */
  OrtSession.Result run(
      String what,
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> places) {
    RUNS.readLock().lock();
    try {
      return session.run(inputs, outputs, places);
    } catch (OrtException e) {
      throw EngineFailures.of("ONNX Runtime failed while " + what, e);
    } finally {
      RUNS.readLock().unlock();
    }
  }

  /**
   * Lets no run start any more, in any session, and waits for those that go on.
   *
   * @return whether they ended in time
   */
  static boolean endRuns(Duration timeout) throws InterruptedException {
    return RUNS.writeLock().tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Floats in a direct buffer, which the tensor does not copy.
   *
   * @param at where they begin in it, in bytes
   */
  static OnnxTensor floats(ByteBuffer buffer, long at, long... shape) {
    int bytes = Math.toIntExact(Float.BYTES * elements(shape));
    FloatBuffer values =
        buffer.slice(Math.toIntExact(at), bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    try {
      return OnnxTensor.createTensor(environment(), values, shape);
    } catch (OrtException e) {
      throw EngineFailures.of("ONNX Runtime takes no tensor " + Arrays.toString(shape), e);
    }
  }

  /** A copy of floats. */
  static OnnxTensor floats(float[] values, long... shape) {
    ByteBuffer copy =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    copy.asFloatBuffer().put(values);
    return floats(copy, 0, shape);
  }

  /** A copy of integers. */
  static OnnxTensor integers(long[] values, long... shape) {
    try {
      return OnnxTensor.createTensor(environment(), LongBuffer.wrap(values), shape);
    } catch (OrtException e) {
      throw EngineFailures.of("ONNX Runtime takes no tensor " + Arrays.toString(shape), e);
    }
  }

  /** Copies an output matrix. */
  static FloatRows rows(OrtSession.Result result, String output) {
    OnnxTensor tensor = tensor(result, output);
    FloatBuffer values = tensor.getFloatBuffer();
    float[] copy = new float[values.remaining()];
    values.get(copy);
    long[] shape = tensor.getInfo().getShape();
    return new FloatRows(copy, Math.toIntExact(shape[shape.length - 1]));
  }

  /** An output in the runtime's memory, which lives as long as the result. */
  static OnnxTensor tensor(OrtSession.Result result, String output) {
    return result
        .get(output)
        .map(OnnxTensor.class::cast)
        .orElseThrow(() -> new InferenceException("ONNX Runtime gave no " + output));
  }

  static long elements(long... shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw EngineFailures.of("ONNX Runtime failed while closing", e);
    }
  }
}
