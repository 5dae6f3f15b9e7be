package io.blipstream.app.topology;

/** Names of the topology's nodes, stable since metrics and descriptions carry them. */
final class Nodes {

  static final String SOURCE = "images";
  static final String CAPFILT = "capfilt";
  static final String CAPTIONS = "captions";
  static final String ITM_CONFIDENCE = "itm-confidence";
  static final String REJECTS = "rejects";

  private Nodes() {}
}
