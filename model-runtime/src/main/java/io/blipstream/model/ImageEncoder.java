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
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** 8-bit images to image tokens: a checkpoint's normalisation and vision encoder. */
final class ImageEncoder {

  private final VisionModel model;
  private final Normalization normalization;
  private final Supplier<PixelBatch> newPixels;

  /** Those that no thread is at. */
  private final Queue<PixelBatch> free = new ConcurrentLinkedQueue<>();

  private final AtomicLong encoded = new AtomicLong();

  private ImageEncoder(
      VisionModel model, Normalization normalization, Supplier<PixelBatch> newPixels) {
    this.model = model;
    this.normalization = normalization;
    this.newPixels = newPixels;
  }

  static ImageEncoder load(BlipEngine engine, Checkpoint checkpoint) throws IOException {
    ImagePreprocessing preprocessing = checkpoint.preprocessing();
    return new ImageEncoder(
        engine.vision(checkpoint),
        new Normalization(preprocessing),
        () -> new PixelBatch(preprocessing.height(), preprocessing.width()));
  }

  /** Encodes images of the preprocessing's size; by as many threads as the engine takes calls. */
  EncodedImages encode(List<RgbImage> images) {
    PixelBatch pixels = Objects.requireNonNullElseGet(free.poll(), newPixels);
    try {
      FloatBuffer out = pixels.fill(images.size());
      int offset = 0;
      for (RgbImage image : images) {
        normalization.write(image, out, offset);
        offset += image.rgb().length;
      }
      EncodedImages result = model.encode(pixels);
      encoded.addAndGet(images.size());
      return result;
    } finally {
      free.add(pixels);
    }
  }

  /** Images encoded so far; thread-safe. */
  long encoded() {
    return encoded.get();
  }
}
