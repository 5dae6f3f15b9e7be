package io.blipstream.model;

/** A part of judging a batch whose time is taken. */
public enum JudgingStage {
  /** Images to image tokens, for captioner and filter together. */
  ENCODE,
  /** Writing captions. */
  CAPTION,
  /** Judging texts. */
  FILTER;

  /** Told how long each stage of a batch took, on the thread that judges. */
  @FunctionalInterface
  public interface Listener {
    void took(JudgingStage stage, long nanos);
  }
}
