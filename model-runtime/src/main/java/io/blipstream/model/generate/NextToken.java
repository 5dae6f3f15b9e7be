package io.blipstream.model.generate;

import io.blipstream.model.InferenceException;
import io.blipstream.model.engine.FloatRows;

/** How a text that is independent of others chooses its next token. */
interface NextToken {

  /** Looks at a row of logits, to which the rules have been applied; may change it. */
  Choice of(FloatRows logits, int row);

  /** The choice from one row, for any number of texts. */
  @FunctionalInterface
  interface Choice {

    /**
     * The token of a random number.
     *
     * @param uniform in [0, 1), each number as likely
     */
    int token(double uniform);
  }

  static InferenceException notANumber() {
    return new InferenceException(
        "The captioner's output is not a number; its weights or its input are damaged.");
  }
}
