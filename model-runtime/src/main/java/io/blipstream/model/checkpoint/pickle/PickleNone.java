package io.blipstream.model.checkpoint.pickle;

/** Python's {@code None}. */
public enum PickleNone {
  NONE
}
