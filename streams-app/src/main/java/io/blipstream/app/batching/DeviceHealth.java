package io.blipstream.app.batching;

/**
 * Whether the devices of a batcher answer; the state of the worst one.
 *
 * @param detail one sentence for the person who looks after it
 */
public record DeviceHealth(State state, String detail) {

  /** How a device may be. */
  public enum State {
    /** Idle, or computing for no longer than usual. */
    WORKING,
    /** A call has taken longer than it should; it may still return. */
    HANGING,
    /** Fails on what it is known to be able to compute; tried again from time to time. */
    FAILING
  }

  static final DeviceHealth WELL = new DeviceHealth(State.WORKING, "The model answers.");

  public boolean isWorking() {
    return state == State.WORKING;
  }
}
