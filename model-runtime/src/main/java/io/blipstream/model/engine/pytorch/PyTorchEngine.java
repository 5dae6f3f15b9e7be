package io.blipstream.model.engine.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.InferenceException;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.VisionModel;
import io.blipstream.model.libtorch.Libtorch;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** BLIP on libtorch, computed eagerly in 32 bits. */
public final class PyTorchEngine implements BlipEngine {

  private static final String VISION = "vision_model.";

  private final ComputeDevice device;
  private final NDManager manager;
  private final TorchScript script;

  private PyTorchEngine(ComputeDevice device, NDManager manager) {
    this.device = device;
    this.manager = manager;
    this.script = new TorchScript(manager);
  }

  /**
   * Starts the engine.
   *
   * @param threads threads for one operation, a setting of the whole process; 0 leaves libtorch's
   *     own choice, the number of cores
   * @throws InferenceException if libtorch or the device is not there
   */
  public static PyTorchEngine start(ComputeDevice device, int threads) {
    Engine engine = Libtorch.engine();
    if (device == ComputeDevice.GPU && engine.getGpuCount() == 0) {
      throw new InferenceException(
          "libtorch sees no CUDA device; choose the CPU, or point PYTORCH_LIBRARY_PATH to a"
              + " libtorch built for CUDA.");
    }
    if (threads > 0) {
      JniUtils.setNumThreads(threads);
    }
    return new PyTorchEngine(
        device, engine.newBaseManager(device == ComputeDevice.GPU ? Device.gpu() : Device.cpu()));
  }

  @Override
  public VisionModel vision(Checkpoint checkpoint) throws IOException {
    Architecture role = checkpoint.isFilter() ? Architecture.FILTER : Architecture.CAPTIONER;
    return new PyTorchVision(manager, load(checkpoint, role, true), checkpoint);
  }

  @Override
  public CaptionModel captioner(Checkpoint checkpoint) throws IOException {
    BlipConfig config = checkpoint.config();
    return new PyTorchCaptioner(
        manager, script, load(checkpoint, Architecture.CAPTIONER, false), config);
  }

  @Override
  public FilterModel filter(Checkpoint checkpoint) throws IOException {
    BlipConfig config = checkpoint.config();
    return new PyTorchFilter(manager, load(checkpoint, Architecture.FILTER, false), config);
  }

  private PyTorchOps load(Checkpoint checkpoint, Architecture role, boolean vision)
      throws IOException {
    Map<String, long[]> part = checkpoint.parameters(role);
    part.keySet().removeIf(name -> name.startsWith(VISION) != vision);
    return PyTorchOps.forInference(LoadedParameters.load(manager, checkpoint, part), script);
  }

  /** Whether DJL was told to take a libtorch built for CUDA; looks at no device yet. */
  public static boolean isConfiguredForCuda() {
    String flavor = System.getProperty("PYTORCH_FLAVOR", System.getenv("PYTORCH_FLAVOR"));
    return flavor != null && flavor.startsWith("cu");
  }

  @Override
  public String description() {
    return "pytorch " + device.name().toLowerCase(Locale.ROOT) + " fp32";
  }

  /** Arrays that live now, weights included: constant between batches. */
  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    script.close();
    manager.close();
  }
}
