package io.blipstream.app.broker;

import io.blipstream.app.config.MissingDependencyException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;

/** Makes sure, before anything else, that Kafka answers and has the topics that are needed. */
public final class Cluster {

  private static final int PATIENCE_MILLIS = 10_000;

  private Cluster() {}

  /**
   * Returns when all topics are there.
   *
   * @param kafka settings of Kafka clients; those of an admin client are used
   * @throws MissingDependencyException if Kafka does not answer, or naming the topics it lacks
   */
  public static void requireTopics(Map<String, Object> kafka, Collection<String> topics)
      throws InterruptedException {
    List<String> missing;
    try (Admin admin = admin(kafka)) {
      missing = Topics.missing(admin, topics);
    } catch (TimeoutException e) {
      throw new MissingDependencyException(
          "Kafka did not answer at %s within %s s; start it (blipstream broker does), set bootstrap.servers to another, or security.protocol to what is spoken there."
              .formatted(
                  kafka.get("bootstrap.servers"),
                  BigDecimal.valueOf(patience(kafka), 3).stripTrailingZeros().toPlainString()),
          e);
    }
    if (!missing.isEmpty()) {
      String them = missing.size() == 1 ? "it" : "them";
      // A broker shows a user only the topics that the user may describe.
      String hidden =
          kafka.containsKey("security.protocol")
              ? ", or hides %s from a user who may not describe %s".formatted(them, them)
              : "";
      throw new MissingDependencyException(
          "Kafka at %s lacks %s %s%s; create %s or name others."
              .formatted(
                  kafka.get("bootstrap.servers"),
                  missing.size() == 1 ? "the topic" : "the topics",
                  String.join(", ", missing),
                  hidden,
                  them));
    }
  }

  /**
   * An admin client that gives up after {@code default.api.timeout.ms}, which is ten seconds if not
   * set.
   *
   * @param kafka settings of Kafka clients; those of an admin client are used
   * @throws MissingDependencyException if no address of a broker is known
   * @throws ConfigException if a setting is not of its kind
   */
  public static Admin admin(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>();
    kafka.forEach(
        (key, value) -> {
          if (AdminClientConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience(kafka));
    // Leaves time for a second try.
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patience(kafka) / 2);
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      if (e.getCause() instanceof ConfigException bad
          && String.valueOf(bad.getMessage()).contains("bootstrap.servers")) {
        throw new MissingDependencyException(
            "No Kafka broker is known at %s: %s"
                .formatted(settings.get("bootstrap.servers"), bad.getMessage()),
            e);
      }
      throw e;
    }
  }

  private static int patience(Map<String, Object> kafka) {
    String key = AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
    return (Integer)
        ConfigDef.parseType(key, kafka.getOrDefault(key, PATIENCE_MILLIS), ConfigDef.Type.INT);
  }
}
