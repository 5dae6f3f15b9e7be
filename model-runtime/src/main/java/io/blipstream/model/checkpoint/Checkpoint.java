package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A Hugging Face folder with a BLIP: its configuration, weights and tokenizer files.
 *
 * <p>Weights are asked for by their Hugging Face name and the shape that the configuration implies.
 * Tied weights ({@link BlipParameters#tied}) may stand under either name; {@code *.position_ids} of
 * old files are never asked for. Thread-safe until closed.
 */
public final class Checkpoint implements AutoCloseable {

  static final String CONFIG = "config.json";
  static final String PREPROCESSOR = "preprocessor_config.json";
  static final String WEIGHTS = "model.safetensors";

  private static final int DIGEST_BUFFER_BYTES = 1 << 20;

  private final Path folder;
  private final BlipConfig config;
  private final ImagePreprocessing preprocessing;
  private final Path weightsFile;
  private final TensorSource weights;

  private Checkpoint(
      Path folder,
      BlipConfig config,
      ImagePreprocessing preprocessing,
      Path weightsFile,
      TensorSource weights) {
    this.folder = folder;
    this.config = config;
    this.preprocessing = preprocessing;
    this.weightsFile = weightsFile;
    this.weights = weights;
  }

  /**
   * Opens a folder; reads everything but the weights, whose header is checked.
   *
   * @throws CheckpointException if a file is missing or cannot be believed
   */
  public static Checkpoint open(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(folder + " is no folder; name the folder of a checkpoint.");
    }
    BlipConfig config = BlipConfig.read(folder.resolve(CONFIG));
    int side = config.vision().imageSize();
    Path preprocessor = folder.resolve(PREPROCESSOR);
    ImagePreprocessing preprocessing =
        Files.exists(preprocessor)
            ? ImagePreprocessing.read(preprocessor, side)
            : ImagePreprocessing.ofSize(side);
    Path weightsFile = folder.resolve(WEIGHTS);
    if (!Files.exists(weightsFile)) {
      throw new CheckpointException(
          weightsFile + " is missing; weights are read in the safetensors format.");
    }
    return new Checkpoint(
        folder, config, preprocessing, weightsFile, SafetensorsFile.open(weightsFile));
  }

  /** The folder's name, by which results call the model. */
  public String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  public Path folder() {
    return folder;
  }

  public BlipConfig config() {
    return config;
  }

  public ImagePreprocessing preprocessing() {
    return preprocessing;
  }

  /** A file of the folder, such as {@code tokenizer.json}, if it is there. */
  public Optional<Path> file(String name) {
    return Optional.of(folder.resolve(name)).filter(Files::isRegularFile);
  }

  /** Whether these are weights of a captioner. */
  public boolean isCaptioner() {
    return has("text_decoder.bert.embeddings.word_embeddings.weight");
  }

  /** Whether these are weights of a filter. */
  public boolean isFilter() {
    return has("itm_head.weight");
  }

  /** Whether a weight is there, under its own name or the one it is tied to. */
  public boolean has(String name) {
    return weights.names().contains(stored(name));
  }

  /**
   * Requires that every weight is there with its shape.
   *
   * @param expected names and shapes, as {@link BlipParameters} lists them
   * @throws CheckpointException naming all that are missing or have another shape
   */
  public void require(Map<String, long[]> expected) throws CheckpointException {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    for (Map.Entry<String, long[]> entry : expected.entrySet()) {
      String name = entry.getKey();
      if (!has(name)) {
        missing.add(name);
      } else if (!weights.tensor(stored(name)).hasShape(entry.getValue())) {
        misshapen.add(mismatch(name, entry.getValue()));
      }
    }
    List<String> faults = new ArrayList<>();
    if (!missing.isEmpty()) {
      faults.add(
          "lacks %d of %d tensors: %s"
              .formatted(missing.size(), expected.size(), String.join(", ", missing)));
    }
    if (!misshapen.isEmpty()) {
      faults.add("does not match " + CONFIG + ": " + String.join(", ", misshapen));
    }
    if (!faults.isEmpty()) {
      throw new CheckpointException(weightsFile + " " + String.join("; it ", faults) + ".");
    }
  }

  /**
   * Reads a weight, widened to 32 bits, row-major.
   *
   * @param shape what its shape must be
   * @throws CheckpointException if it is missing, has another shape, or holds a value that is not
   *     finite
   */
  public float[] read(String name, long... shape) throws IOException {
    requireOne(name, shape);
    float[] values = weights.readFloats(stored(name));
    requireFinite(name, FloatBuffer.wrap(values));
    return values;
  }

  /** Reads like {@link #read(String, long...)} into a buffer, from its position on. */
  public void read(String name, FloatBuffer out, long... shape) throws IOException {
    requireOne(name, shape);
    FloatBuffer written = out.duplicate();
    weights.readFloats(stored(name), out);
    requireFinite(name, written.limit(out.position()));
  }

  /** SHA-256 of the weights file, lower-case hexadecimal; reads the whole file. */
  public String sha256() throws IOException {
    MessageDigest digest = newDigest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(weightsFile), digest)) {
      byte[] buffer = new byte[DIGEST_BUFFER_BYTES];
      while (in.read(buffer) >= 0) {
        // The stream digests what is read.
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Whether both encode every image alike, so that one pass may serve both: same preprocessing,
   * same vision configuration, same vision weights to the bit.
   */
  public boolean encodesImagesLike(Checkpoint other) throws IOException {
    if (!config.vision().equals(other.config.vision())
        || !preprocessing.equals(other.preprocessing)
        || !visionNames().equals(other.visionNames())) {
      return false;
    }
    for (String name : visionNames()) {
      FloatBuffer mine = FloatBuffer.wrap(weights.readFloats(name));
      FloatBuffer theirs = FloatBuffer.wrap(other.weights.readFloats(name));
      if (mine.mismatch(theirs) >= 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    weights.close();
  }

  private Set<String> visionNames() {
    Set<String> names = new TreeSet<>(weights.names());
    names.removeIf(name -> !name.startsWith("vision_model.") || name.endsWith(".position_ids"));
    return names;
  }

  /** The name under which a weight stands in the file, if it does at all. */
  private String stored(String name) {
    return weights.names().contains(name) ? name : BlipParameters.tied(name);
  }

  private void requireOne(String name, long... shape) throws CheckpointException {
    require(Map.of(name, shape));
  }

  private String mismatch(String name, long... shape) throws CheckpointException {
    return "%s is %s where %s is expected"
        .formatted(
            name, TensorInfo.text(weights.tensor(stored(name)).shape()), TensorInfo.text(shape));
  }

  private void requireFinite(String name, FloatBuffer values) throws CheckpointException {
    while (values.hasRemaining()) {
      float value = values.get();
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            "%s: tensor %s holds %s; the weights are damaged.".formatted(weightsFile, name, value));
      }
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
