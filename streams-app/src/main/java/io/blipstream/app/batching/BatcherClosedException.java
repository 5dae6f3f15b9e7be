package io.blipstream.app.batching;

/** The batcher was shut down before the item's turn came; nothing is known about the item. */
public final class BatcherClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BatcherClosedException() {
    super("The batcher is shut down; the item was not computed.");
  }
}
