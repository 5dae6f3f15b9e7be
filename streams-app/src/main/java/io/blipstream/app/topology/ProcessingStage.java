package io.blipstream.app.topology;

import java.util.Locale;

/** A stretch of an image's way whose time is taken. */
public enum ProcessingStage {
  /** Reading the image that an event links to; one image. */
  FETCH,
  /** Decoding and resizing; one image. */
  DECODE,
  /** From decoded to the start of its batch; one image. */
  WAIT,
  /** The vision encoder; one batch. */
  ENCODE,
  /** Writing captions; one batch. */
  CAPTION,
  /** Judging texts; one batch. */
  FILTER,
  /** From read off Kafka to its outcome, forwarding and commit not included; one image. */
  TOTAL;

  /** As figures name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
