package io.blipstream.model.engine;

import io.blipstream.model.checkpoint.Checkpoint;
import java.io.IOException;

/**
 * A runtime on one device that BLIP's networks are loaded into, part by part: where captioner and
 * filter have the same vision weights, those are loaded and run once, for both.
 *
 * <p>Its models and their results are for one thread at a time, and die with the engine. Their
 * methods throw {@link io.blipstream.model.InferenceException} when the device fails.
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

  /**
   * Images of a batch to be worked at together: more at a time would gain nothing but take memory.
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
