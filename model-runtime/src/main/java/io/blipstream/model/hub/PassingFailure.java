package io.blipstream.model.hub;

import java.time.Duration;
import java.util.Optional;

/** A failure that may be gone in a moment, and what it means when it is not. */
final class PassingFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient ImportException outcome;
  private final transient Optional<Duration> retryAfter;

  PassingFailure(ImportException outcome) {
    this(outcome, Optional.empty());
  }

  /**
   * @param retryAfter how long the server asks to wait
   */
  PassingFailure(ImportException outcome, Optional<Duration> retryAfter) {
    super(outcome);
    this.outcome = outcome;
    this.retryAfter = retryAfter;
  }

  ImportException outcome() {
    return outcome;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
