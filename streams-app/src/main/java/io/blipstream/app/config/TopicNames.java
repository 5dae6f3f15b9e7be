package io.blipstream.app.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The four topics of the service.
 *
 * @param images image events, read
 * @param captions accepted texts, written
 * @param itmConfidence every judged image with the scores of its texts, written
 * @param rejects texts that were filtered out and images that could not be judged, written
 */
public record TopicNames(String images, String captions, String itmConfidence, String rejects) {

  /** Kafka's own rule for topic names; stands before the first instance that it checks. */
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  /** The names used unless others are set. */
  public static final TopicNames DEFAULT =
      new TopicNames("images", "captions", "itm-confidence", "rejects");

  public TopicNames {
    for (String name : List.of(images, captions, itmConfidence, rejects)) {
      if (!LEGAL.matcher(name).matches()) {
        throw new IllegalConfigurationException(
            "'" + name + "' is no topic name: use up to 249 of the characters a-z A-Z 0-9 . _ -");
      }
    }
    if (Set.copyOf(List.of(images, captions, itmConfidence, rejects)).size() < 4) {
      throw new IllegalConfigurationException(
          "The topics for images, captions, confidences and rejects must be four different ones; set"
              + " topic.images, topic.captions, topic.itm.confidence and topic.rejects apart.");
    }
    if (images.endsWith("-repartition")) {
      // Kafka Streams purges such topics up to offsets it believes committed, past what is held.
      throw new IllegalConfigurationException(
          "topic.images is "
              + images
              + ", a repartition topic: Kafka Streams deletes its records before they are answered."
              + " Read from the topic it is made from, or copy it to an ordinary topic.");
    }
  }

  /** All four, the input first. */
  public List<String> all() {
    return List.of(images, captions, itmConfidence, rejects);
  }
}
