package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How an image becomes the network's input: resized straight to a size, then (x/255 - mean)/std.
 *
 * @param width in pixels
 * @param height in pixels
 * @param mean of red, green, blue, for values from 0 to 1
 * @param std likewise, above 0
 */
public record ImagePreprocessing(int width, int height, List<Double> mean, List<Double> std) {

  /** CLIP's, which BLIP took over. */
  private static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

  private static final List<Double> STD = List.of(0.26862954, 0.26130258, 0.27577711);

  /** Of transformers' BlipImageProcessor. */
  private static final int DEFAULT_SIDE = 384;

  /** Pillow's number for bicubic, the only resampling that BLIP's own preprocessing uses. */
  static final int BICUBIC = 3;

  public ImagePreprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException("the image size must be above 0");
    }
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException("image_mean and image_std must have 3 numbers each");
    }
    if (std.stream().anyMatch(value -> value <= 0)) {
      throw new IllegalArgumentException("image_std must be above 0");
    }
  }

  /** BLIP's own mean and std for a square image. */
  public static ImagePreprocessing ofSize(int side) {
    return new ImagePreprocessing(side, side, MEAN, STD);
  }

  /**
   * Reads a {@code preprocessor_config.json}; an absent key has the default that Hugging Face's
   * code gives it.
   *
   * @throws CheckpointException if it asks for something other than BLIP's own preprocessing
   */
  public static ImagePreprocessing read(Path file) throws IOException {
    JsonSettings json = JsonSettings.read(file);
    for (String step : List.of("do_convert_rgb", "do_resize", "do_rescale", "do_normalize")) {
      json.requireAbsentOr(step, true);
    }
    json.requireAbsentOr("do_center_crop", false);
    json.requireAbsentOr("resample", BICUBIC);
    if (Math.abs(json.number("rescale_factor", 1 / 255.0) - 1 / 255.0) > 1e-9) {
      throw new CheckpointException(file + ": rescale_factor must be 1/255.");
    }
    JsonSettings.Extent size = json.extent("size", DEFAULT_SIDE);
    try {
      return new ImagePreprocessing(
          size.width(),
          size.height(),
          json.numbers("image_mean", MEAN),
          json.numbers("image_std", STD));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file + " cannot be followed: " + e.getMessage() + ".", e);
    }
  }
}
