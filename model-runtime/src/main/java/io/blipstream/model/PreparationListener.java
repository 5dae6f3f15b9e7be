package io.blipstream.model;

/** Is told how far an engine is with what it does once for a checkpoint and then keeps. */
@FunctionalInterface
public interface PreparationListener {

  /** Tells nobody. */
  PreparationListener NONE = (what, done, total) -> {};

  /**
   * A part of the work is done.
   *
   * @param what such as {@code "writing vision int8 of blip-base"}
   * @param done weights so far
   * @param total weights in all; the last call has {@code done} equal to it
   */
  void progress(String what, long done, long total);
}
