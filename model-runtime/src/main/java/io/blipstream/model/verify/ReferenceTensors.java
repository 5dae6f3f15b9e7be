package io.blipstream.model.verify;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.checkpoint.SafetensorsFile;
import io.blipstream.model.checkpoint.TensorSource;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.PixelBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A {@code reference.safetensors}: inputs and outputs of the reference, of any dimensions. */
final class ReferenceTensors implements AutoCloseable {

  static final String FILE = "reference.safetensors";
  static final String PIXELS = "pixel_values";
  static final String IMAGE_TOKENS = "image_embeds";

  private static final int CHANNELS = 3;

  private final TensorSource tensors;

  private ReferenceTensors(TensorSource tensors) {
    this.tensors = tensors;
  }

  static ReferenceTensors open(Path folder) throws IOException {
    return new ReferenceTensors(SafetensorsFile.open(folder.resolve(FILE)));
  }

  /** Fails a check for every tensor that no check would look at. */
  void failUnknown(Set<String> known, PartChecks checks) {
    tensors.names().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> checks.fail(name, FILE + " holds this tensor, but no check is known"));
  }

  /** Checks the tokens of the images [B, N, D], which captioner and filter both state. */
  void checkImageTokens(EncodedImages images, PartChecks checks) {
    checks.check(
        IMAGE_TOKENS, () -> Finding.floats(images.tokens(), floats(IMAGE_TOKENS, -1, -1, -1)));
  }

  /**
   * Floats, whose shape must be as stated.
   *
   * @param shape extents, -1 for any
   */
  float[] floats(String name, long... shape) throws IOException {
    requireShape(name, shape);
    return tensors.readFloats(name);
  }

  /** Extent of a tensor in one of its dimensions. */
  int extent(String name, int dimension, int rank) throws IOException {
    long[] any = new long[rank];
    Arrays.fill(any, -1);
    requireShape(name, any);
    return Math.toIntExact(tensors.tensor(name).shape()[dimension]);
  }

  /** Rows of token ids [rows, L]. */
  List<long[]> ids(String name) throws IOException {
    int length = extent(name, 1, 2);
    long[] ids = tensors.readLongs(name);
    return IntStream.range(0, length == 0 ? 0 : ids.length / length)
        .mapToObj(row -> Arrays.copyOfRange(ids, row * length, (row + 1) * length))
        .toList();
  }

  /** Rows of token ids without the padding that a mask of ones and then zeros tells. */
  List<long[]> texts(String name, String maskName) throws IOException {
    List<long[]> ids = ids(name);
    List<long[]> masks = ids(maskName);
    List<long[]> texts = new ArrayList<>();
    for (int row = 0; row < ids.size(); row++) {
      if (masks.size() != ids.size() || masks.get(row).length != ids.get(row).length) {
        throw new ReferenceException("%s and %s differ in shape".formatted(name, maskName));
      }
      long[] mask = masks.get(row);
      int tokens = Math.toIntExact(Arrays.stream(mask).sum());
      long[] whole = new long[mask.length];
      Arrays.fill(whole, 0, Math.min(Math.max(tokens, 0), mask.length), 1);
      if (!Arrays.equals(mask, whole)) {
        throw new ReferenceException(
            "row %d of %s is not ones followed by zeros; texts are padded at their ends here"
                .formatted(row, maskName));
      }
      texts.add(Arrays.copyOf(ids.get(row), tokens));
    }
    return texts;
  }

  /** Opens the checkpoint for images of the size that the reference's have. */
  Checkpoint checkpoint(Path folder) throws IOException {
    ImagePreprocessing own = ImagePreprocessing.ofSize(extent(PIXELS, 2, 4));
    return Checkpoint.open(
        folder, new ImagePreprocessing(extent(PIXELS, 3, 4), own.height(), own.mean(), own.std()));
  }

  /** The normalised images [B, 3, height, width]. */
  PixelBatch pixels() throws IOException {
    return batch(floats(PIXELS, -1, CHANNELS, -1, -1));
  }

  /** One of the images, as a batch of its own. */
  PixelBatch pixels(int image) throws IOException {
    float[] all = floats(PIXELS, -1, CHANNELS, -1, -1);
    int size = all.length / extent(PIXELS, 0, 4);
    return batch(Arrays.copyOfRange(all, image * size, (image + 1) * size));
  }

  private PixelBatch batch(float[] values) throws IOException {
    int height = extent(PIXELS, 2, 4);
    int width = extent(PIXELS, 3, 4);
    PixelBatch batch = new PixelBatch(height, width);
    batch.fill(values.length / (CHANNELS * height * width)).put(values);
    return batch;
  }

  private void requireShape(String name, long... expected) throws IOException {
    long[] shape = tensors.tensor(name).shape();
    boolean fits = shape.length == expected.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = expected[i] < 0 || expected[i] == shape[i];
    }
    if (!fits) {
      throw new ReferenceException(
          "%s has the shape %s where %s is expected (-1: any)"
              .formatted(name, Arrays.toString(shape), Arrays.toString(expected)));
    }
  }

  @Override
  public void close() throws IOException {
    tensors.close();
  }
}
