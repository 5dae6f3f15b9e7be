package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.CapFilts;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.generate.DecodingSettings;
import java.io.IOException;
import java.util.Optional;

/** Real BLIP models. */
final class BlipModels implements ModelSource {

  @Override
  public CapFilt load(Optional<Folders> folders, Settings settings) throws IOException {
    CapFiltOptions options =
        CapFiltOptions.builder()
            .device(settings.gpu() ? ComputeDevice.GPU : ComputeDevice.CPU)
            .threads(settings.threads())
            .decoding(DecodingSettings.greedy(settings.maxCaptionTokens()))
            .build();
    return folders.isPresent()
        ? CapFilts.load(folders.get().captioner(), folders.get().filter(), options)
        : CapFilts.bundled(options);
  }
}
