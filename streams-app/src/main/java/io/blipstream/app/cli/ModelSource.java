package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where commands get their model from; tests put a simple one in its place. */
@FunctionalInterface
interface ModelSource {

  /**
   * Loads a captioner and a filter.
   *
   * @param folders the two models' folders; empty for the bundled model
   */
  CapFilt load(Optional<Folders> folders, Settings settings) throws IOException;

  /** Hugging Face folders of the two models. */
  record Folders(Path captioner, Path filter) {}

  /**
   * How the models run.
   *
   * @param gpu whether on the first NVIDIA GPU rather than the CPU
   * @param threads cores for one operation; 0 for the engine's own choice
   * @param maxCaptionTokens longest caption
   */
  record Settings(boolean gpu, int threads, int maxCaptionTokens) {}
}
