package io.blipstream.model;

/** Where a text came from: the web, beside the image, or the captioner. */
public enum TextSource {
  WEB,
  SYNTHETIC
}
