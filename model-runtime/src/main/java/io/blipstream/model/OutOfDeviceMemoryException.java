package io.blipstream.model;

/** Thrown when a batch needs more memory than the device has left; a smaller one may do. */
public final class OutOfDeviceMemoryException extends InferenceException {

  private static final long serialVersionUID = 1L;

  public OutOfDeviceMemoryException(String message) {
    super(message);
  }
}
