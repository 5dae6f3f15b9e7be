package io.blipstream.model;

import java.util.List;

/**
 * Captioning and filtering of BLIP (Li et al. 2022, section 3.3): the captioner writes a text for
 * each image, and the filter judges web and synthetic texts alike, independently of each other.
 */
public interface CapFilt extends AutoCloseable {

  /**
   * Decodes and resizes an encoded image. Thread-safe, and never uses the device.
   *
   * @throws UnreadableImageException if the bytes are no image that can be judged
   */
  PreparedImage prepare(byte[] encoded) throws UnreadableImageException;

  /**
   * Threads that may judge at a time. Where there are several, a batch for each keeps the device
   * busier than one for all of them.
   */
  default int callsAtOnce() {
    return 1;
  }

  /**
   * Captions every image and scores its texts; results are in the order of the batch. To be called
   * by {@link #callsAtOnce} threads at a time. Interrupted, it ends at the images it is at, with an
   * {@link InferenceException}.
   *
   * @throws OutOfDeviceMemoryException if the batch does not fit; a smaller one may
   * @throws InferenceException if the device fails or returns something that is no score
   */
  List<Judgement> judge(List<CapFiltInput> batch);

  /**
   * The same, telling how long each stage takes. A device that computes while the program goes on
   * shows the time of a stage where its result is asked for. Untold unless overridden.
   */
  default List<Judgement> judge(List<CapFiltInput> batch, JudgingStage.Listener listener) {
    return judge(batch);
  }

  /**
   * Passes of an image through a vision encoder so far: one an image where captioner and filter
   * have the same vision weights, two where not, none where there is no encoder. Thread-safe.
   */
  default long imagesEncoded() {
    return 0;
  }

  /** Which weights and settings are at work. */
  ModelDescription description();

  @Override
  void close();
}
