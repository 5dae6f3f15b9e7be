package io.blipstream.model;

/**
 * Thrown when a batch did not fit into the memory of its device, or into the host memory that the
 * device is fed from; a smaller batch may.
 */
public final class OutOfDeviceMemoryException extends InferenceException {

  private static final long serialVersionUID = 1L;

  public OutOfDeviceMemoryException(String message) {
    super(message);
  }

  public OutOfDeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
