package io.blipstream.app.cli.soak;

/** A promise that was not kept. */
public enum Breach {
  /** An input without a confidence or a reject of the whole image. */
  LOST("lost"),
  /** A text of a judged image without a caption or a reject. */
  TEXT_LOST("textsLost"),
  /** More outcomes than one, under exactly once. */
  DUPLICATED("duplicated"),
  /** An outcome behind that of a later record of the same input partition. */
  OUT_OF_ORDER("outOfOrder"),
  /** An outcome whose coordinates name no input. */
  WITHOUT_INPUT("withoutInput"),
  /** An outcome whose coordinates name another image's input. */
  WRONG_PLACE("wrongPlace"),
  /** Another verdict or reason than the input must have. */
  WRONG_OUTCOME("wrongOutcome"),
  /** Input that is not committed to its end although all is quiet. */
  NOT_COMMITTED("notCommitted"),
  /** A partition whose last stable offset is not its end: a transaction was left open. */
  OPEN_TRANSACTION("openTransactions"),
  /** Fewer inputs in the topic than Kafka acknowledged: then nothing here proves anything. */
  INPUT_MISSING("inputsMissing");

  private final String key;

  Breach(String key) {
    this.key = key;
  }

  /** Its name in the summary. */
  public String key() {
    return key;
  }
}
