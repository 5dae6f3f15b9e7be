package io.blipstream.app.cli;

import io.blipstream.app.broker.Topics;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;

/** Makes sure, before anything else, that Kafka answers and has the topics that are needed. */
final class Cluster {

  private static final int PATIENCE_MILLIS = 10_000;

  private Cluster() {}

  /**
   * Returns when all topics are there.
   *
   * @throws CommandFailure {@link ExitStatus#MISSING} if Kafka does not answer or a topic is
   *     missing
   */
  static void requireTopics(Map<String, Object> kafka, Collection<String> topics)
      throws InterruptedException {
    List<String> missing;
    try (Admin admin = admin(kafka)) {
      missing = Topics.missing(admin, topics);
    } catch (TimeoutException e) {
      throw new CommandFailure(
          ExitStatus.MISSING,
          "Kafka did not answer at %s within %d s; start it (blipstream broker does) or name another with --bootstrap-servers."
              .formatted(kafka.get("bootstrap.servers"), PATIENCE_MILLIS / 1000),
          e);
    }
    if (!missing.isEmpty()) {
      throw new CommandFailure(
          ExitStatus.MISSING,
          "Kafka at %s lacks %s %s; create %s or name others with --topic-…."
              .formatted(
                  kafka.get("bootstrap.servers"),
                  missing.size() == 1 ? "the topic" : "the topics",
                  String.join(", ", missing),
                  missing.size() == 1 ? "it" : "them"));
    }
  }

  private static Admin admin(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>();
    kafka.forEach(
        (key, value) -> {
          if (AdminClientConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      if (e.getCause() instanceof ConfigException bad
          && String.valueOf(bad.getMessage()).contains("bootstrap.servers")) {
        throw new CommandFailure(
            ExitStatus.MISSING,
            "No Kafka broker is known at %s: %s"
                .formatted(settings.get("bootstrap.servers"), bad.getMessage()),
            e);
      }
      throw e;
    }
  }
}
