package io.blipstream.model.network;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;

/**
 * Bytes that stay in memory while an image is captioned or its texts are judged, 32 bits a number;
 * what a layer needs while it is computed comes on top.
 */
public record ImageMemory(BlipConfig config) {

  private static final long CHANNELS = 3;

  /** The normalised image. */
  public long pixels() {
    VisionConfig v = config.vision();
    return Float.BYTES * CHANNELS * v.imageSize() * v.imageSize();
  }

  /** The image tokens. */
  public long tokens() {
    VisionConfig v = config.vision();
    return (long) Float.BYTES * v.tokens() * v.width();
  }

  /** Cross-attention keys and values of every text layer. */
  public long crossKeyValues() {
    TextConfig t = config.text();
    return 2L * Float.BYTES * t.layers() * config.vision().tokens() * t.width();
  }

  /** All of these. */
  public long total() {
    return pixels() + tokens() + crossKeyValues();
  }
}
