package io.blipstream.app.cli.input;

import io.blipstream.schemas.ImageEvent;

/** Takes what a walk over inputs finds, in order. */
public interface ImageSink {

  /** An image to send; its bytes are as they were found, readable or not. */
  void image(ImageEvent event) throws InterruptedException;

  /** Something that was asked for and cannot be sent. */
  void failed(String name, String why);

  /** A file in a folder or archive that by its name is no image. */
  void skipped(String name);
}
