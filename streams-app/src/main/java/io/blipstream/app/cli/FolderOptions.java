package io.blipstream.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The folders of a model; both or none, since the bundled models belong together. */
final class FolderOptions {

  @Option(
      names = "--captioner",
      required = true,
      paramLabel = "DIR",
      description =
          "Hugging Face folder of a BLIP captioning model (default, without --filter: the small"
              + " bundled model, which knows only drawn scenes).")
  private Path captioner;

  @Option(
      names = "--filter",
      required = true,
      paramLabel = "DIR",
      description = "Hugging Face folder of a BLIP image-text retrieval model.")
  private Path filter;

  ModelSource.Folders folders() {
    return new ModelSource.Folders(captioner, filter);
  }
}
