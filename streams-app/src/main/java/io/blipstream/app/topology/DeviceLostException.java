package io.blipstream.app.topology;

/** The model has not answered for so long that the service gives up; nothing is lost. */
public final class DeviceLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DeviceLostException(String message) {
    super(message);
  }
}
