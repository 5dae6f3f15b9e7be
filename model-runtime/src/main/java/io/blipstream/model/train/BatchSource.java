package io.blipstream.model.train;

/** Where the trainer takes its batches from. */
public interface BatchSource {

  /**
   * The batch of a step; the same step always gives the same batch, so that a resumed training goes
   * on as if it had not stopped.
   *
   * @param step counted from 0
   * @param progress share of the training that is done, 0 to 1
   */
  TrainingBatch batch(long step, double progress);
}
