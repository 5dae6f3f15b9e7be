package io.blipstream.app.broker;

import io.blipstream.app.config.TopicNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A topic to create.
 *
 * @param name the topic's name
 * @param partitions how many
 * @param maxMessageBytes the largest record batch it takes, in bytes
 */
public record TopicSpec(String name, int partitions, int maxMessageBytes) {

  /** Room for an image as it is sent, in bytes. */
  public static final int IMAGE_BYTES = 16 << 20;

  /**
   * Room for a reject, in bytes: it may carry a whole unreadable image event and what it says of
   * it.
   */
  public static final int REJECT_BYTES = IMAGE_BYTES + (1 << 20);

  /** Room for texts and scores, in bytes: Kafka's own default. */
  public static final int TEXT_BYTES = 1_048_588;

  /** The four topics of the service, each with room for what it holds; the input first. */
  public static List<TopicSpec> ofService(TopicNames names, int partitions) {
    return List.of(
        new TopicSpec(names.images(), partitions, IMAGE_BYTES),
        new TopicSpec(names.captions(), partitions, TEXT_BYTES),
        new TopicSpec(names.itmConfidence(), partitions, TEXT_BYTES),
        new TopicSpec(names.rejects(), partitions, REJECT_BYTES));
  }

  NewTopic toNewTopic() {
    // The replication factor is the cluster's default, so that this also works on a real cluster.
    return new NewTopic(name, Optional.of(partitions), Optional.empty())
        .configs(Map.of("max.message.bytes", Integer.toString(maxMessageBytes)));
  }
}
