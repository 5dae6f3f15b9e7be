package io.blipstream.model.engine;

/**
 * Image tokens [B, N, D] on the engine's device, read only by models of the same engine. Whoever
 * asked for them closes them.
 */
public interface EncodedImages extends AutoCloseable {

  /** B. */
  int count();

  /** The tokens, row-major, copied into host memory: to look at them; no model needs that. */
  float[] tokens();

  @Override
  void close();
}
