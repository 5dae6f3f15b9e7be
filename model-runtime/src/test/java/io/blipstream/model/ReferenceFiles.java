package io.blipstream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Checkpoints with the reference's own outputs, and how to compare with them. */
public final class ReferenceFiles {

  /** Largest difference allowed, relative to the largest number of the reference. */
  private static final double TOLERANCE = 1e-4;

  private ReferenceFiles() {}

  /** A file or folder of the reference that came first. */
  public static Path path(String name) {
    return resource("/reference/" + name);
  }

  /** All of them that can be verified, each with the number of its checks. */
  public static Stream<Arguments> verifiable() {
    return Stream.of(
        Arguments.of(path(""), 43),
        Arguments.of(other("small"), 70),
        Arguments.of(other("bfloat16"), 38),
        Arguments.of(other("interpolated"), 5));
  }

  /** One of the others, of other dimensions: see the README beside them. */
  public static Path other(String name) {
    return resource("/references/" + name);
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(ReferenceFiles.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
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
