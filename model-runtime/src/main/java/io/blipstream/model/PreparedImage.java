package io.blipstream.model;

/** An image decoded and resized to what the models take; opaque outside this module. */
public interface PreparedImage {

  /** Memory held, in bytes: what a byte budget counts. */
  long sizeInBytes();
}
