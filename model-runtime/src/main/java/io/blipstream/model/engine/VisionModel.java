package io.blipstream.model.engine;

/** A loaded vision encoder. */
public interface VisionModel {

  /** Encodes images of the size that its checkpoint's preprocessing states. */
  EncodedImages encode(PixelBatch pixels);
}
