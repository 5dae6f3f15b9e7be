package io.blipstream.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.PixelBatch;
import io.blipstream.model.engine.VisionModel;
import io.blipstream.model.image.Normalization;
import io.blipstream.model.image.RgbImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** 8-bit images to image tokens: a checkpoint's normalisation and vision encoder. */
final class ImageEncoder {

  private final VisionModel model;
  private final Normalization normalization;
  private final PixelBatch pixels;
  private final AtomicLong encoded = new AtomicLong();

  private ImageEncoder(VisionModel model, Normalization normalization, PixelBatch pixels) {
    this.model = model;
    this.normalization = normalization;
    this.pixels = pixels;
  }

  static ImageEncoder load(BlipEngine engine, Checkpoint checkpoint) throws IOException {
    ImagePreprocessing preprocessing = checkpoint.preprocessing();
    return new ImageEncoder(
        engine.vision(checkpoint),
        new Normalization(preprocessing),
        new PixelBatch(preprocessing.height(), preprocessing.width()));
  }

  /** Encodes images of the preprocessing's size. */
  EncodedImages encode(List<RgbImage> images) {
    FloatBuffer out = pixels.fill(images.size());
    int offset = 0;
    for (RgbImage image : images) {
      normalization.write(image, out, offset);
      offset += image.rgb().length;
    }
    EncodedImages result = model.encode(pixels);
    encoded.addAndGet(images.size());
    return result;
  }

  /** Images encoded so far; thread-safe. */
  long encoded() {
    return encoded.get();
  }
}
