package io.blipstream.model.checkpoint;

import static io.blipstream.model.checkpoint.BlipParameters.POSITIONS;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Hugging Face folder with a BLIP: its configuration, weights and tokenizer files.
 *
 * <p>The weights are those that transformers would take: {@code model.safetensors}, its shards,
 * {@code pytorch_model.bin}, its shards, whichever is there first. They are asked for by their
 * Hugging Face name and the shape that the configuration implies. Tied weights ({@link
 * BlipParameters#tied}) may stand under either name; {@code *.position_ids} of old files are never
 * asked for. Thread-safe until closed.
 */
public final class Checkpoint implements AutoCloseable {

  static final String CONFIG = "config.json";
  static final String PREPROCESSOR = "preprocessor_config.json";
  static final String WEIGHTS = "model.safetensors";

  /** Tensors that one sentence names; a wrong file would otherwise fill the screen. */
  private static final int NAMED = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  private final Path folder;
  private final BlipConfig config;
  private final List<String> architectures;
  private final ImagePreprocessing preprocessing;
  private final WeightFiles files;
  private final TensorSource weights;
  private String sha256;

  private Checkpoint(
      Path folder,
      BlipConfig config,
      List<String> architectures,
      ImagePreprocessing preprocessing,
      WeightFiles files) {
    this.folder = folder;
    this.config = config;
    this.architectures = architectures;
    this.preprocessing = preprocessing;
    this.files = files;
    this.weights = files.tensors();
  }

  /**
   * Opens a folder; reads everything but the weights, whose table of contents is checked.
   *
   * @throws CheckpointException if a file is missing or cannot be believed
   */
  public static Checkpoint open(Path folder) throws IOException {
    requireFolder(folder);
    Path preprocessor = folder.resolve(PREPROCESSOR);
    return Files.exists(preprocessor)
        ? open(folder, ImagePreprocessing.read(preprocessor), preprocessor.toString())
        : open(
            folder,
            ImagePreprocessing.ofSize(
                BlipConfig.read(folder.resolve(CONFIG)).vision().imageSize()));
  }

  /**
   * Opens a folder for images of another size than it states.
   *
   * @throws CheckpointException as {@link #open(Path)}
   */
  public static Checkpoint open(Path folder, ImagePreprocessing preprocessing) throws IOException {
    requireFolder(folder);
    return open(folder, preprocessing, folder + ": its use");
  }

  private static Checkpoint open(
      Path folder, ImagePreprocessing preprocessing, String whatMakesImages) throws IOException {
    Path configFile = folder.resolve(CONFIG);
    BlipConfig config = BlipConfig.read(configFile);
    List<String> architectures = JsonSettings.read(configFile).texts("architectures");
    int patch = config.vision().patchSize();
    if (preprocessing.height() < patch || preprocessing.width() < patch) {
      throw new CheckpointException(
          "%s makes images of %d x %d pixels, smaller than the patches of %d that %s states."
              .formatted(
                  whatMakesImages, preprocessing.height(), preprocessing.width(), patch, CONFIG));
    }
    return new Checkpoint(folder, config, architectures, preprocessing, WeightFiles.open(folder));
  }

  private static void requireFolder(Path folder) throws CheckpointException {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(folder + " is no folder; name the folder of a checkpoint.");
    }
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
   * N, the tokens of an image of the preprocessing's size: what the vision encoder computes with.
   */
  public int imageTokens() {
    return config.vision().tokens(preprocessing.height(), preprocessing.width());
  }

  /**
   * The weights that a network of this kind reads from here, with their shapes; the position
   * embeddings are those of {@link #imageTokens()}.
   *
   * @throws CheckpointException if these are weights of another kind
   */
  public Map<String, long[]> parameters(Architecture role) throws CheckpointException {
    requireRole(role);
    Map<String, long[]> parameters = new LinkedHashMap<>(role.parameters(config));
    parameters.put(POSITIONS, new long[] {1, imageTokens(), config.vision().width()});
    return parameters;
  }

  /**
   * Requires that these are the weights of a network of this kind, all of them, with their shapes.
   * Tensors that it does not use are ignored, with a warning.
   *
   * @throws CheckpointException if they are of another kind, or naming what is missing or has
   *     another shape
   */
  public void require(Architecture role) throws CheckpointException {
    Map<String, long[]> expected = parameters(role);
    require(expected);
    List<String> unused = new ArrayList<>(weights.names());
    unused.removeIf(name -> expected.containsKey(name) || name.endsWith(".position_ids"));
    if (!unused.isEmpty()) {
      LOG.warn(
          "{}: {} of the tensors are not used and ignored: {}.",
          files.named(),
          unused.size(),
          listed(unused));
    }
  }

  private void requireRole(Architecture role) throws CheckpointException {
    String needed = role.name().toLowerCase(Locale.ROOT);
    if (!architectures.isEmpty()
        && Arrays.stream(Architecture.values())
            .noneMatch(known -> architectures.contains(known.className()))) {
      throw new CheckpointException(
          "%s states the architecture %s, but a %s is needed, such as %s."
              .formatted(
                  folder.resolve(CONFIG),
                  String.join(", ", architectures),
                  needed,
                  role.example()));
    }
    if (role == Architecture.CAPTIONER ? isCaptioner() : isFilter()) {
      return;
    }
    String found =
        isCaptioner()
            ? "a captioner"
            : isFilter() ? "a filter" : "neither a captioner nor a filter";
    throw new CheckpointException(
        "%s holds %s, but a %s is needed, such as %s."
            .formatted(files.named(), found, needed, role.example()));
  }

  /**
   * Requires that every weight is there with its shape.
   *
   * @param expected names and shapes, as {@link #parameters} or {@link BlipParameters} lists them
   * @throws CheckpointException naming all that are missing or have another shape
   */
  public void require(Map<String, long[]> expected) throws CheckpointException {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    for (Map.Entry<String, long[]> entry : expected.entrySet()) {
      String name = entry.getKey();
      if (!has(name)) {
        missing.add(name);
      } else if (!weights.tensor(stored(name)).hasShape(storedShape(name, entry.getValue()))) {
        misshapen.add(mismatch(name, entry.getValue()));
      }
    }
    List<String> faults = new ArrayList<>();
    if (!missing.isEmpty()) {
      faults.add(
          "lacks %d of %d tensors: %s".formatted(missing.size(), expected.size(), listed(missing)));
    }
    if (!misshapen.isEmpty()) {
      faults.add("does not match " + CONFIG + ": " + listed(misshapen));
    }
    if (!faults.isEmpty()) {
      throw new CheckpointException(files.named() + " " + String.join("; it ", faults) + ".");
    }
  }

  /**
   * Reads a weight, widened to 32 bits, row-major. Position embeddings are given for {@link
   * #imageTokens()}: interpolated if those of the file are for an image of another size.
   *
   * @param shape what its shape must be, as {@link #parameters} lists it
   * @throws CheckpointException if it is missing, has another shape, or holds a value that is not
   *     finite
   */
  public float[] read(String name, long... shape) throws IOException {
    FloatBuffer out = FloatBuffer.allocate(Math.toIntExact(TensorInfo.elements(shape)));
    read(name, out, shape);
    return out.array();
  }

  /** Reads like {@link #read(String, long...)} into a buffer, from its position on. */
  public void read(String name, FloatBuffer out, long... shape) throws IOException {
    require(Map.of(name, shape));
    FloatBuffer written = out.duplicate();
    if (name.equals(POSITIONS) && resizesPositions()) {
      VisionConfig vision = config.vision();
      out.put(
          PositionEmbeddings.resize(
              weights.readFloats(name),
              vision.imageSize() / vision.patchSize(),
              preprocessing.height() / vision.patchSize(),
              preprocessing.width() / vision.patchSize()));
    } else {
      weights.readFloats(stored(name), out);
    }
    requireFinite(name, written.limit(out.position()));
  }

  /**
   * SHA-256 of the weights, lower-case hexadecimal; reads all of them. Of a single file it is that
   * file's; of several it is that of the lines which {@code sha256sum} prints for them in the order
   * of their names.
   */
  public synchronized String sha256() throws IOException {
    if (sha256 == null) {
      sha256 = files.sha256();
    }
    return sha256;
  }

  /**
   * Whether both encode every image alike, so that one pass may serve both: same preprocessing,
   * same vision configuration, same vision weights to the bit once widened to 32 bits, whatever
   * format they are in.
   */
  public boolean encodesImagesLike(Checkpoint other) throws IOException {
    if (!config.vision().equals(other.config.vision())
        || !preprocessing.equals(other.preprocessing)) {
      return false;
    }
    for (String name : BlipParameters.vision(config).keySet()) {
      if (!has(name)
          || !other.has(name)
          || !weights.tensor(name).hasShape(other.weights.tensor(name).shape())) {
        return false;
      }
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

  /** The name under which a weight stands in the file, if it does at all. */
  private String stored(String name) {
    return weights.names().contains(name) ? name : BlipParameters.tied(name);
  }

  private boolean resizesPositions() {
    VisionConfig vision = config.vision();
    int trained = vision.imageSize() / vision.patchSize();
    return preprocessing.height() / vision.patchSize() != trained
        || preprocessing.width() / vision.patchSize() != trained;
  }

  /** The shape in the file: position embeddings stand there for the size that the config states. */
  private long[] storedShape(String name, long... wanted) {
    VisionConfig vision = config.vision();
    long[] presented = {1, imageTokens(), vision.width()};
    return name.equals(POSITIONS) && Arrays.equals(wanted, presented)
        ? new long[] {1, vision.tokens(), vision.width()}
        : wanted;
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
            "%s: tensor %s holds %s; the weights are damaged."
                .formatted(files.named(), name, value));
      }
    }
  }

  private static String listed(List<String> names) {
    String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    int more = names.size() - NAMED;
    return more > 0 ? some + " and " + more + " more" : some;
  }
}
