package io.blipstream.model.network;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;

/**
 * Bytes that stay in memory while an image is captioned or its texts are judged, 32 bits a number;
 * what a layer needs while it is computed comes on top.
 *
 * @param height of the images the network takes, in pixels
 * @param width likewise
 */
public record ImageMemory(BlipConfig config, int height, int width) {

  private static final long CHANNELS = 3;

  /** The normalised image. */
  public long pixels() {
    return Float.BYTES * CHANNELS * height * width;
  }

  /** The image tokens. */
  public long tokens() {
    VisionConfig v = config.vision();
    return (long) Float.BYTES * v.tokens(height, width) * v.width();
  }

  /** Cross-attention keys and values of every text layer. */
  public long crossKeyValues() {
    TextConfig t = config.text();
    return 2L * Float.BYTES * t.layers() * config.vision().tokens(height, width) * t.width();
  }

  /** All of these. */
  public long total() {
    return pixels() + tokens() + crossKeyValues();
  }
}
