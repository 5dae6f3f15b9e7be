package io.blipstream.app.topology;

import io.blipstream.schemas.RejectStage;

/** Thrown on an image's way when it cannot be judged; becomes its reject. */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient ImageOutcome.Refusal refusal;

  RefusedException(RejectStage stage, String reason, String message) {
    super(message);
    this.refusal = new ImageOutcome.Refusal(stage, reason, message);
  }

  ImageOutcome.Refusal refusal() {
    return refusal;
  }
}
