package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.CapFilts;
import java.io.IOException;
import java.util.Optional;

/** Real BLIP models. */
final class BlipModels implements ModelSource {

  private final PreparationDisplay display = new PreparationDisplay();

  @Override
  public CapFilt load(Optional<Folders> folders, CapFiltOptions options) throws IOException {
    return folders.isPresent()
        ? CapFilts.load(folders.get().captioner(), folders.get().filter(), options, display)
        : CapFilts.bundled(options, display);
  }
}
