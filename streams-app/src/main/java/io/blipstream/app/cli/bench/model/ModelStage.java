package io.blipstream.app.cli.bench.model;

/** A part of CapFilt that is measured by itself. */
public enum ModelStage {
  /** The captioner's vision encoder, from normalised pixels. */
  VISION,
  /** An image to its caption: vision encoder and decoder. */
  CAPTION,
  /** Two texts judged against an image by ITM and ITC: vision encoder, text encoder, heads. */
  FILTER,
  /** The whole step as the service takes it, with one web text an image. */
  CAPFILT
}
