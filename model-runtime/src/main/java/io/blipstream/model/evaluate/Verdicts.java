package io.blipstream.model.evaluate;

/**
 * How the filter's verdicts agree with the truth.
 *
 * @param texts all that were judged
 * @param accuracy share judged rightly
 * @param precision share of the accepted texts that are true; NaN if none was accepted
 * @param recall share of the true texts that were accepted; NaN if none is true
 */
public record Verdicts(int texts, double accuracy, double precision, double recall) {

  /** Counts verdicts one by one. */
  static final class Counter {
    private int trueAccepted;
    private int trueRejected;
    private int falseAccepted;
    private int falseRejected;

    void add(boolean isTrue, boolean accepted) {
      if (isTrue) {
        trueAccepted += accepted ? 1 : 0;
        trueRejected += accepted ? 0 : 1;
      } else {
        falseAccepted += accepted ? 1 : 0;
        falseRejected += accepted ? 0 : 1;
      }
    }

    Verdicts verdicts() {
      int texts = trueAccepted + trueRejected + falseAccepted + falseRejected;
      return new Verdicts(
          texts,
          (double) (trueAccepted + falseRejected) / texts,
          (double) trueAccepted / (trueAccepted + falseAccepted),
          (double) trueAccepted / (trueAccepted + trueRejected));
    }
  }
}
