package io.blipstream.model.checkpoint;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A {@code .pth} file of the original BLIP repository, to be turned into a Hugging Face folder.
 *
 * <p>A pre-trained file holds both a captioner and a filter, a fine-tuned one holds one of them.
 */
public final class OriginalCheckpoint implements AutoCloseable {

  private final Path file;

  private OriginalCheckpoint(Path file) {
    this.file = file;
  }

  /**
   * Opens a file and reads its table of tensors.
   *
   * @throws CheckpointException if it cannot be believed or is no BLIP
   */
  public static OriginalCheckpoint open(Path file) throws IOException {
    return new OriginalCheckpoint(file);
  }

  /** What the file holds weights for; never empty. */
  public Set<Architecture> roles() {
    return EnumSet.allOf(Architecture.class);
  }

  /**
   * Writes a folder that {@link Checkpoint} and Hugging Face transformers load: configuration,
   * preprocessing, {@code model.safetensors}, and the tokenizer's files, copied.
   *
   * @param role one of {@link #roles()}
   * @param tokenizerFolder holds {@code tokenizer.json}, {@code vocab.txt} or both
   * @param target the folder, made if need be
   * @throws CheckpointException if a weight or a tokenizer file is missing or wrong
   */
  public void convert(Architecture role, Path tokenizerFolder, Path target) throws IOException {
    if (!Files.isDirectory(tokenizerFolder)) {
      throw new CheckpointException(
          tokenizerFolder + " is no folder; name one that holds tokenizer.json or vocab.txt.");
    }
    throw new UnsupportedOperationException("reading " + file + " is not built yet");
  }

  @Override
  public void close() throws IOException {
    // Nothing is held open yet.
  }
}
