package io.blipstream.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.SafetensorsFile;
import io.blipstream.model.checkpoint.TensorSource;
import io.blipstream.model.engine.PixelBatch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Tiny checkpoints with Hugging Face transformers' own outputs, and how to compare with them. */
public final class ReferenceFiles {

  /** Largest difference allowed, relative to the largest number of the reference. */
  private static final double TOLERANCE = 1e-4;

  private ReferenceFiles() {}

  public static Path path(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ReferenceFiles.class.getResource("/reference/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Checkpoint captioner() throws IOException {
    return Checkpoint.open(path("captioner"));
  }

  public static Checkpoint filter() throws IOException {
    return Checkpoint.open(path("filter"));
  }

  public static TensorSource tensors(String folder) throws IOException {
    return SafetensorsFile.open(path(folder + "/reference.safetensors"));
  }

  /** The reference's normalised images. */
  public static PixelBatch pixels(TensorSource reference) throws IOException {
    long[] shape = reference.tensor("pixel_values").shape();
    PixelBatch batch = new PixelBatch((int) shape[2], (int) shape[3]);
    batch.fill((int) shape[0]).put(reference.readFloats("pixel_values"));
    return batch;
  }

  /** Compares element by element and returns the largest difference, relative to the scale. */
  public static double requireClose(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as(what).isNotNaN();
      scale = Math.max(scale, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(difference / scale).as("largest difference of " + what).isLessThan(TOLERANCE);
    return difference / scale;
  }
}
