package io.blipstream.model.checkpoint;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code .pth} file of the original BLIP repository, to be turned into a Hugging Face folder.
 *
 * <p>A pre-trained file holds both a captioner and a filter, a fine-tuned one holds one of them.
 */
public final class OriginalCheckpoint implements AutoCloseable {

  private static final String DECODER = "text_decoder.bert.";
  private static final String ENCODER = "text_encoder.";

  /** Tied to the word embeddings and to the head's bias: written once. */
  private static final String OUTPUT_LAYER = "text_decoder.cls.predictions.decoder.";

  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json");

  private final Path file;
  private final TensorSource tensors;

  /** From Hugging Face's names to the file's. */
  private final Map<String, String> names = new LinkedHashMap<>();

  private final Set<Architecture> roles = EnumSet.noneOf(Architecture.class);

  private OriginalCheckpoint(Path file, TensorSource tensors) throws CheckpointException {
    this.file = file;
    this.tensors = tensors;
    for (String name : tensors.names()) {
      OriginalNames.huggingFace(name).ifPresent(renamed -> names.put(renamed, name));
    }
    boolean filter = names.containsKey("itm_head.weight");
    boolean decoder = has(DECODER);
    if (filter) {
      roles.add(Architecture.FILTER);
    }
    // A decoder beside an encoder without ITM answers questions: it attends to texts, not images.
    if (decoder && (filter || !has(ENCODER))) {
      roles.add(Architecture.CAPTIONER);
    }
    requireRoles();
  }

  /**
   * Opens a file and reads its table of tensors.
   *
   * @throws CheckpointException if it cannot be believed or is no BLIP
   */
  public static OriginalCheckpoint open(Path file) throws IOException {
    TensorSource tensors = TorchFile.open(file);
    try {
      return new OriginalCheckpoint(file, tensors);
    } catch (IOException | RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  /** What the file holds weights for; never empty. */
  public Set<Architecture> roles() {
    return Collections.unmodifiableSet(roles);
  }

  /**
   * The side of the images that the position embeddings are for, in pixels: 224 in pre-trained
   * files, 384 in most fine-tuned ones.
   */
  public int imageSize() throws CheckpointException {
    return config(roles.iterator().next()).vision().imageSize();
  }

  /**
   * Writes a folder that {@link Checkpoint} and Hugging Face transformers load: configuration,
   * preprocessing, {@code model.safetensors}, and the tokenizer's files, copied. Images have the
   * size that the file was trained with.
   *
   * @param role one of {@link #roles()}
   * @param tokenizerFolder holds {@code tokenizer.json}, {@code vocab.txt} or both
   * @param target the folder, made if need be
   * @throws CheckpointException if a weight or a tokenizer file is missing or wrong
   */
  public void convert(Architecture role, Path tokenizerFolder, Path target) throws IOException {
    convert(role, tokenizerFolder, target, imageSize());
  }

  /**
   * Converts like {@link #convert(Architecture, Path, Path)} for images of another size: position
   * embeddings are interpolated, as the original does when it is asked for that size.
   *
   * @param imageSize side of the square image, in pixels; Hugging Face's official captioners are
   *     pre-trained at 224 and converted for 384
   */
  public void convert(Architecture role, Path tokenizerFolder, Path target, int imageSize)
      throws IOException {
    requireTokenizer(tokenizerFolder);
    BlipConfig trained = config(role);
    VisionConfig vision = trained.vision();
    BlipConfig config;
    try {
      config =
          new BlipConfig(
              new VisionConfig(
                  vision.width(),
                  vision.layers(),
                  vision.heads(),
                  vision.mlpWidth(),
                  imageSize,
                  vision.patchSize(),
                  vision.eps()),
              trained.text(),
              trained.projectionWidth());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "%s cannot be converted: %s.".formatted(file, e.getMessage()), e);
    }
    try {
      CheckpointWriter.write(
          target,
          role,
          config,
          ImagePreprocessing.ofSize(imageSize),
          weights(role, trained, config),
          Precision.F32);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    copyTokenizer(tokenizerFolder, target);
  }

  @Override
  public void close() throws IOException {
    tensors.close();
  }

  private BlipConfig config(Architecture role) throws CheckpointException {
    if (!roles.contains(role)) {
      throw new CheckpointException(
          "%s holds no %s.".formatted(file, role == Architecture.FILTER ? "filter" : "captioner"));
    }
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, String> name : names.entrySet()) {
      shapes.put(name.getKey(), tensors.tensor(name.getValue()).shape());
    }
    return new OriginalArchitecture(file.toString(), shapes)
        .config(role == Architecture.FILTER ? ENCODER : DECODER);
  }

  private Map<String, FloatTensor> weights(Architecture role, BlipConfig trained, BlipConfig config)
      throws CheckpointException {
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    for (Map.Entry<String, long[]> entry : role.parameters(trained).entrySet()) {
      String name = entry.getKey();
      if (name.startsWith(OUTPUT_LAYER) && names.containsKey(BlipParameters.tied(name))) {
        continue;
      }
      String original = names.get(name);
      if (original == null) {
        throw new CheckpointException(
            "%s lacks the weight that would be %s in Hugging Face's names.".formatted(file, name));
      }
      TensorInfo info = tensors.tensor(original);
      if (!info.hasShape(entry.getValue())) {
        throw new CheckpointException(
            "%s: tensor %s is %s where %s is expected."
                .formatted(
                    file,
                    original,
                    TensorInfo.text(info.shape()),
                    TensorInfo.text(entry.getValue())));
      }
      weights.put(name, weight(name, original, trained.vision(), config.vision()));
    }
    return weights;
  }

  private FloatTensor weight(
      String name, String original, VisionConfig trained, VisionConfig vision)
      throws CheckpointException {
    int from = trained.imageSize() / trained.patchSize();
    int to = vision.imageSize() / vision.patchSize();
    if (name.equals(BlipParameters.POSITIONS) && from != to) {
      return FloatTensor.lazy(
          () -> PositionEmbeddings.resize(read(original), from, to, to),
          1,
          vision.tokens(),
          vision.width());
    }
    return FloatTensor.lazy(() -> read(original), tensors.tensor(original).shape());
  }

  private float[] read(String original) {
    try {
      float[] values = tensors.readFloats(original);
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw new CheckpointException(
              "%s: tensor %s holds %s; the weights are damaged.".formatted(file, original, value));
        }
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean has(String prefix) {
    return names.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  private void requireRoles() throws CheckpointException {
    Optional<String> huggingFace =
        tensors.names().stream().filter(name -> name.startsWith("vision_model.")).findFirst();
    if (huggingFace.isPresent()) {
      throw new CheckpointException(
          file
              + " has Hugging Face's names already; call it pytorch_model.bin and put it into a"
              + " folder with its config.json.");
    }
    if (roles.isEmpty() || !has("vision_model.")) {
      throw new CheckpointException(
          file
              + " holds neither a captioner nor a filter of the original BLIP; take a captioning,"
              + " retrieval or pre-trained file.");
    }
  }

  private static void requireTokenizer(Path folder) throws CheckpointException {
    if (!Files.isRegularFile(folder.resolve("tokenizer.json"))
        && !Files.isRegularFile(folder.resolve("vocab.txt"))) {
      throw new CheckpointException(
          folder
              + " has neither tokenizer.json nor vocab.txt; name a folder with those of"
              + " bert-base-uncased.");
    }
  }

  private static void copyTokenizer(Path from, Path to) throws IOException {
    for (String name : TOKENIZER_FILES) {
      Path source = from.resolve(name);
      Path copy = to.resolve(name);
      if (Files.isRegularFile(source) && !(Files.exists(copy) && Files.isSameFile(source, copy))) {
        Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
