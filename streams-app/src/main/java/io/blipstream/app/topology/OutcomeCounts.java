package io.blipstream.app.topology;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has been forwarded since the service started, with the conservation law as a number.
 *
 * @param images image events that have an outcome
 * @param texts texts considered
 * @param captions caption records
 * @param confidences confidence records
 * @param imageRejects reject records for whole images
 * @param textRejects reject records for texts
 * @param rejectsByReason all reject records by their reason code
 */
public record OutcomeCounts(
    long images,
    long texts,
    long captions,
    long confidences,
    long imageRejects,
    long textRejects,
    SortedMap<String, Long> rejectsByReason) {

  public OutcomeCounts {
    rejectsByReason = new TreeMap<>(rejectsByReason);
  }

  /**
   * Records too many or too few: each image has one confidence or one reject, each text one caption
   * or one reject. 0 if the law holds.
   */
  public long conservationGap() {
    return Math.abs(images - confidences - imageRejects) + Math.abs(texts - captions - textRejects);
  }

  public Map<String, Long> rejects() {
    return rejectsByReason;
  }
}
