package io.blipstream.model.engine;

import io.blipstream.model.checkpoint.Checkpoint;
import java.io.IOException;

/**
 * A runtime on one device that BLIP's networks are loaded into, part by part: where captioner and
 * filter have the same vision weights, those are loaded and run once, for both.
 *
 * <p>Its models are for as many threads at a time as it takes calls, and their results for one; all
 * die with the engine. Their methods throw {@link io.blipstream.model.InferenceException} when the
 * device fails.
 */
public interface BlipEngine extends AutoCloseable {

  /**
   * Loads the vision encoder of a captioner or a filter.
   *
   * @throws io.blipstream.model.checkpoint.CheckpointException naming the weights that are missing
   *     or have another shape than the configuration implies
   */
  VisionModel vision(Checkpoint checkpoint) throws IOException;

  /** Loads the text decoder of a captioner; throws as {@link #vision} does. */
  CaptionModel captioner(Checkpoint checkpoint) throws IOException;

  /** Loads the text encoders and heads of a filter; throws as {@link #vision} does. */
  FilterModel filter(Checkpoint checkpoint) throws IOException;

  /** Batches that may be worked at at a time, each by a thread of its own. */
  default int callsAtOnce() {
    return 1;
  }

  /**
   * Says that this thread begins a batch, so that what others leave to it is its own. Without, the
   * engine takes it for the only one.
   */
  default Call begin() {
    return Call.ONLY;
  }

  /** A batch that is worked at, until it is closed. */
  interface Call extends AutoCloseable {

    Call ONLY = () -> {};

    /** Batches that are worked at now, this one among them. */
    default int underWay() {
      return 1;
    }

    @Override
    void close();
  }

  /**
   * Images to be worked at together, in all calls: more at a time would gain nothing but take
   * memory.
   *
   * @param captioner whose keys and values of images take the most of it
   */
  default int imagesAtOnce(Checkpoint captioner) {
    return Integer.MAX_VALUE;
  }

  /** Runtime, device and precision, such as {@code pytorch cpu fp32}. */
  String description();

  @Override
  void close();
}
