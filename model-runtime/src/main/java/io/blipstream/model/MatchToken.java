package io.blipstream.model;

/** What stands first in a text whose match with an image is judged (ITM). */
public enum MatchToken {
  /** [CLS], as in Hugging Face's code. */
  CLS,

  /**
   * [ENC], as in the original's training and retrieval: the token after [DEC], 30523 in official
   * checkpoints.
   */
  ENC
}
