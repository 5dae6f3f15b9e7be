package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;

/**
 * The weights of a checkpoint folder, in whichever of the formats they are there.
 *
 * @param tensors to be closed by whoever opened them
 * @param named the file by which errors call them: the weights or the index
 * @param files the files that hold the weights, in the order of their names
 */
record WeightFiles(TensorSource tensors, Path named, List<Path> files) {

  /** A name under which weights may stand, and how they are read. */
  private record Kind(String fileName, ShardedTensors.Format format, boolean sharded) {

    private WeightFiles open(Path file) throws IOException {
      if (sharded) {
        ShardedTensors shards = ShardedTensors.open(file, format);
        return new WeightFiles(shards, file, shards.files());
      }
      return new WeightFiles(format.open(file), file, List.of(file));
    }
  }

  /** What transformers looks for, in the same order. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind(Checkpoint.WEIGHTS, SafetensorsFile::open, false),
          new Kind("model.safetensors.index.json", SafetensorsFile::open, true),
          new Kind("pytorch_model.bin", TorchFile::open, false),
          new Kind("pytorch_model.bin.index.json", TorchFile::open, true));

  private static final int DIGEST_BUFFER_BYTES = 1 << 20;

  static WeightFiles open(Path folder) throws IOException {
    for (Kind kind : KINDS) {
      Path file = folder.resolve(kind.fileName);
      if (Files.isRegularFile(file)) {
        return kind.open(file);
      }
    }
    throw new CheckpointException(
        folder
            + " holds no weights: model.safetensors is missing, and so are pytorch_model.bin and"
            + " an index of either (*.index.json).");
  }

  /**
   * SHA-256, lower-case hexadecimal: of the file or, of several, of the lines that {@code
   * sha256sum} prints for them ("digest name", in the order of their names).
   */
  String sha256() throws IOException {
    if (files.size() == 1) {
      return sha256(files.get(0));
    }
    StringBuilder lines = new StringBuilder();
    for (Path file : files) {
      lines.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
    }
    MessageDigest digest = Sha256.newDigest();
    digest.update(lines.toString().getBytes(StandardCharsets.UTF_8));
    return Sha256.hex(digest);
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[DIGEST_BUFFER_BYTES];
      while (in.read(buffer) >= 0) {
        // The stream digests what is read.
      }
    }
    return Sha256.hex(digest);
  }
}
