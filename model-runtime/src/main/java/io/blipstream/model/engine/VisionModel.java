package io.blipstream.model.engine;

/** A loaded vision encoder. */
public interface VisionModel {

  /** Encodes images of the side that the model's configuration states. */
  EncodedImages encode(PixelBatch pixels);
}
