package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.InferenceException;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.EngineFailures;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.VisionModel;
import io.blipstream.model.network.ImageMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** BLIP on ONNX Runtime. */
public final class OnnxEngine implements BlipEngine {

  /**
   * What keys and values of images may take on a CPU: those of 6 images of BLIP-base. A decoding
   * step over 3 rows a core costs 20% more for each row than one over 4, and is a tenth of the
   * work.
   */
  private static final long KEYS_VALUES_BYTES = 256 << 20;

  private final ComputeDevice device;
  private final NumericPrecision precision;
  private final SessionOptions options;
  private final GraphFiles files;
  private final Workers workers;
  private final ImageRuns runs;
  private final BufferPool pool = new BufferPool();
  private final List<OnnxSession> sessions = new ArrayList<>();

  private OnnxEngine(
      ComputeDevice device,
      NumericPrecision precision,
      SessionOptions options,
      Workers workers,
      GraphFiles files) {
    this.device = device;
    this.precision = precision;
    this.options = options;
    this.files = files;
    this.workers = workers;
    this.runs = ImageRuns.on(device, workers);
  }

  /**
   * Starts the engine.
   *
   * @param threads images that are worked at side by side on a CPU, a core each; 0 for as many as
   *     there are cores
   * @param listener is told while a checkpoint's graphs are written, once
   * @throws InferenceException if the runtime or the device is not there
   */
  public static OnnxEngine start(
      ComputeDevice device, NumericPrecision precision, int threads, PreparationListener listener) {
    try {
      SessionOptions options = OnnxDevices.options(device, precision);
      int workers = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
      return new OnnxEngine(
          device,
          precision,
          options,
          new Workers(workers),
          new GraphFiles(precision, IntegerProducts::largestWeight, listener));
    } catch (OrtException e) {
      throw EngineFailures.of("ONNX Runtime does not start", e);
    }
  }

  @Override
  public VisionModel vision(Checkpoint checkpoint) throws IOException {
    return new OnnxVision(open(BlipGraph.VISION, checkpoint), pool, runs, checkpoint);
  }

  @Override
  public CaptionModel captioner(Checkpoint checkpoint) throws IOException {
    return new OnnxCaptioner(
        open(BlipGraph.IMAGE_KEYS_VALUES, checkpoint),
        open(BlipGraph.DECODER, checkpoint),
        pool,
        runs,
        checkpoint.config().text());
  }

  @Override
  public FilterModel filter(Checkpoint checkpoint) throws IOException {
    return new OnnxFilter(
        open(BlipGraph.FILTER, checkpoint), runs, checkpoint.config().projectionWidth());
  }

  private OnnxSession open(BlipGraph graph, Checkpoint checkpoint) throws IOException {
    OnnxSession session = OnnxSession.open(files.file(graph, checkpoint), options);
    sessions.add(session);
    return session;
  }

  /** Why ONNX Runtime cannot be loaded here; empty if it can. */
  public static Optional<String> missing() {
    return OnnxDevices.missing();
  }

  /**
   * Lets no model compute any more, and waits for what is being computed.
   *
   * @return whether it ended in time
   */
  public static boolean endRuns(Duration timeout) throws InterruptedException {
    return OnnxSession.endRuns(timeout);
  }

  /** Whether ONNX Runtime was built for CUDA; there may be no device all the same. */
  public static boolean hasCuda() {
    return OnnxDevices.has(OrtProvider.CUDA);
  }

  /** A core to a batch, where there are several, waits for no other core between its steps. */
  @Override
  public int callsAtOnce() {
    return device == ComputeDevice.CPU ? workers.count() : 1;
  }

  @Override
  public Call begin() {
    return workers.begin();
  }

  @Override
  public int imagesAtOnce(Checkpoint captioner) {
    if (device != ComputeDevice.CPU) {
      return Integer.MAX_VALUE;
    }
    ImagePreprocessing size = captioner.preprocessing();
    long bytes = new ImageMemory(captioner.config(), size.height(), size.width()).crossKeyValues();
    int fit = Math.toIntExact(Math.min(Integer.MAX_VALUE, KEYS_VALUES_BYTES / bytes));
    return Math.max(1, fit / workers.count()) * workers.count();
  }

  @Override
  public String description() {
    return "onnx %s %s".formatted(device, precision).toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    sessions.forEach(OnnxSession::close);
    options.close();
    workers.close();
  }
}
