package io.blipstream.model;

/**
 * Thrown when a batch could not be computed; says nothing about which of its images is at fault.
 */
public class InferenceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InferenceException(String message) {
    super(message);
  }

  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
