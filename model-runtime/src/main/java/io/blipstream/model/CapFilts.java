package io.blipstream.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.engine.BlipEngine;
import java.io.IOException;
import java.nio.file.Path;

/** Makes {@link CapFilt}s. */
public final class CapFilts {

  private CapFilts() {}

  /**
   * Loads a captioner and a filter from Hugging Face folders.
   *
   * @param listener is told when a checkpoint is prepared for the engine, which happens once
   * @throws io.blipstream.model.checkpoint.CheckpointException if a folder lacks something or holds
   *     something that cannot be used
   * @throws InferenceException if the device is not there
   */
  public static CapFilt load(
      Path captionerFolder, Path filterFolder, CapFiltOptions options, PreparationListener listener)
      throws IOException {
    EnginePlan plan = BlipEngines.plan(options.engine());
    try (Checkpoint captioner = Checkpoint.open(captionerFolder);
        Checkpoint filter = Checkpoint.open(filterFolder)) {
      BlipEngine engine = BlipEngines.start(plan, listener);
      try {
        return BlipCapFilt.load(engine, captioner, filter, options);
      } catch (IOException | RuntimeException e) {
        engine.close();
        throw e;
      }
    }
  }

  /**
   * Loads the small BLIP that comes with this software, which knows drawn scenes.
   *
   * @throws io.blipstream.model.checkpoint.CheckpointException if this build came without it
   */
  public static CapFilt bundled(CapFiltOptions options, PreparationListener listener)
      throws IOException {
    BundledModel model = BundledModel.unpack();
    return load(model.captioner(), model.filter(), options, listener);
  }
}
