package io.blipstream.model;

import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model among our resources, as folders on disk.
 *
 * <p>They are named by a digest of the content, so that versions do not meet. Files appear whole or
 * not at all, whoever else unpacks at the same time, and are only written if they are not there.
 *
 * @param captioner folder of the captioner
 * @param filter folder of the filter
 */
public record BundledModel(Path captioner, Path filter) {

  private static final String RESOURCES = "io/blipstream/model/bundled/";
  private static final List<String> MODELS = List.of("captioner", "filter");
  private static final List<String> FILES =
      List.of(
          "config.json",
          "preprocessor_config.json",
          "tokenizer.json",
          "vocab.txt",
          "model.safetensors");
  private static final int DIGEST_CHARACTERS = 16;

  /**
   * Unpacks the model to {@code $BLIPSTREAM_CACHE}, by default {@code ~/.cache/blipstream}.
   *
   * @throws CheckpointException if this build came without it
   */
  public static BundledModel unpack() throws IOException {
    return unpack(BundledModel.class.getClassLoader(), CacheFolder.path());
  }

  /**
   * Unpacks what is not unpacked yet.
   *
   * @throws CheckpointException if the resources are not there
   */
  static BundledModel unpack(ClassLoader resources, Path cache) throws IOException {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String model : MODELS) {
      for (String file : FILES) {
        contents.put(model + "/" + file, read(resources, RESOURCES + model + "/" + file));
      }
    }
    Path root = cache.resolve("bundled").resolve(digest(contents));
    for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
      // The folder's name is the model's name in results.
      write(root.resolve("bundled-" + entry.getKey()), entry.getValue());
    }
    return new BundledModel(root.resolve("bundled-captioner"), root.resolve("bundled-filter"));
  }

  private static byte[] read(ClassLoader resources, String name) throws IOException {
    try (InputStream in = resources.getResourceAsStream(name)) {
      if (in == null) {
        throw new CheckpointException(
            "This build comes without the bundled model (no resource %s); train one with"
                    .formatted(name)
                + " `blipstream model train`, or name the folders of a captioner and a filter.");
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      in.transferTo(out);
      return out.toByteArray();
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    if (Files.isRegularFile(file) && Files.size(file) == content.length) {
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
      try {
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new IOException(
          "The bundled model cannot be unpacked into %s (%s); make room there, or name"
                  .formatted(file.getParent(), e.getMessage())
              + " another folder by the variable BLIPSTREAM_CACHE.",
          e);
    }
  }

  private static String digest(Map<String, byte[]> contents) {
    MessageDigest digest = Sha256.newDigest();
    contents.values().forEach(digest::update);
    return Sha256.hex(digest).substring(0, DIGEST_CHARACTERS);
  }
}
