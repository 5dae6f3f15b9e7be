package io.blipstream.model.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.image.ImageDecoder;
import io.blipstream.model.image.ImageLimits;
import io.blipstream.model.image.Normalization;
import io.blipstream.model.image.PillowResize;
import io.blipstream.model.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Images made ready for the network: the bytes after resizing, and BLIP's normalisation of them.
 */
final class ResizeChecks {

  static final String FILE = "cases.json";

  /**
   * Normalised values cancel out in their sum, whose rounding does not: it is held against the sum
   * itself, or this share of the sum of magnitudes if that is more. 32-bit rounding is 6e-8 of it.
   */
  private static final double SHARE_OF_MAGNITUDES = 0.01;

  private final Path folder;
  private final PartChecks checks;
  private final Set<String> named = new TreeSet<>();

  ResizeChecks(Path folder, PartChecks checks) {
    this.folder = folder;
    this.checks = checks;
  }

  void run() throws IOException {
    JsonNode cases = ReferenceFields.read(folder.resolve(FILE));
    if (!cases.isArray() || cases.isEmpty()) {
      throw new ReferenceException(FILE + " must be a list that is not empty");
    }
    for (int i = 0; i < cases.size(); i++) {
      JsonNode node = cases.get(i);
      String where = "cases[%d]".formatted(i);
      checks.require(where, () -> run(ReferenceFields.of(where, node)));
    }
    failUnnamed();
  }

  private void run(ReferenceFields fields) throws IOException {
    String input = fields.text("input");
    String expected = fields.text("expected_rgb");
    int size = fields.integer("size");
    double sum = fields.number("normalised_sum");
    double[] firstPixel = fields.numbers("normalised_first_pixel");
    named.add(input);
    named.add(expected);
    fields.requireNoOthers();
    checks.check(input + " bytes", () -> bytes(resized(input, size), decode(expected)));
    checks.check(input + " normalised sum", () -> sum(normalised(resized(input, size)), sum));
    checks.check(
        input + " normalised first pixel",
        () -> firstPixel(normalised(resized(input, size)), firstPixel));
  }

  private static Finding bytes(RgbImage actual, RgbImage expected) {
    if (actual.width() != expected.width() || actual.height() != expected.height()) {
      return Finding.failed(
          "the expected image is %d x %d, not %d x %d"
              .formatted(expected.width(), expected.height(), actual.width(), actual.height()));
    }
    int first = Arrays.mismatch(actual.rgb(), expected.rgb());
    return first < 0
        ? Finding.equal()
        : Finding.failed(
            "byte %d is computed as %d where the reference has %d"
                .formatted(first, actual.rgb()[first] & 0xff, expected.rgb()[first] & 0xff));
  }

  private static Finding sum(float[] values, double expected) {
    double sum = 0;
    double magnitudes = 0;
    for (float value : values) {
      sum += value;
      magnitudes += Math.abs(value);
    }
    double scale = Math.max(Math.abs(expected), SHARE_OF_MAGNITUDES * magnitudes);
    return Finding.difference(Math.abs(sum - expected) / scale);
  }

  private static Finding firstPixel(float[] values, double... expected) {
    float[] first = new float[3];
    float[] reference = new float[expected.length];
    for (int channel = 0; channel < first.length; channel++) {
      first[channel] = values[channel * (values.length / 3)];
    }
    for (int i = 0; i < expected.length; i++) {
      reference[i] = (float) expected[i];
    }
    return Finding.floats(first, reference);
  }

  private static float[] normalised(RgbImage image) {
    float[] values = new float[image.rgb().length];
    new Normalization(ImagePreprocessing.ofSize(image.width())).write(image, values, 0);
    return values;
  }

  private RgbImage resized(String input, int size) throws IOException, UnreadableImageException {
    return PillowResize.bicubic(decode(input), size, size);
  }

  private RgbImage decode(String name) throws IOException, UnreadableImageException {
    Path file = folder.resolve(name).normalize();
    if (!folder.normalize().equals(file.getParent()) || !Files.isRegularFile(file)) {
      throw new ReferenceException("the folder has no image " + name);
    }
    return ImageDecoder.decode(Files.readAllBytes(file), ImageLimits.DEFAULT);
  }

  private void failUnnamed() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".png") && !named.contains(name))
          .sorted()
          .forEach(name -> checks.fail(name, "no case in " + FILE + " names this image"));
    }
  }
}
