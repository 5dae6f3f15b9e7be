package io.blipstream.peers;

/** A program that captions what is in one topic into another, at work from when it is made. */
interface Peer extends AutoCloseable {

  String IMAGES = "images";
  String CAPTIONS = "captions";

  @Override
  void close();
}
