package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltOptions;
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
   * @throws IllegalArgumentException if the model cannot do what the options ask for
   */
  CapFilt load(Optional<Folders> folders, CapFiltOptions options) throws IOException;

  /** Hugging Face folders of the two models. */
  record Folders(Path captioner, Path filter) {}
}
