package io.blipstream.app.broker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics, and tells which are missing; changes no topic that exists. */
public final class Topics {

  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);

  private Topics() {}

  /**
   * Creates those topics that do not exist yet, and returns when the cluster tells of them: a
   * broker learns of a topic a moment after it was created.
   *
   * @throws KafkaException if the cluster refuses or does not answer
   */
  public static void createMissing(Admin admin, Collection<TopicSpec> specs)
      throws InterruptedException {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    List<String> missing = missing(admin, names);
    var created =
        admin.createTopics(
            specs.stream()
                .filter(spec -> missing.contains(spec.name()))
                .map(TopicSpec::toNewTopic)
                .toList());
    for (var topic : created.values().values()) {
      try {
        topic.get();
      } catch (ExecutionException e) {
        // Another process may have created it in between.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw kafkaException(e);
        }
      }
    }
    awaitVisible(admin, names);
  }

  private static void awaitVisible(Admin admin, List<String> names) throws InterruptedException {
    long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
    List<String> missing = missing(admin, names);
    while (!missing.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "Kafka created the topics %s but does not list them after %d s."
                .formatted(missing, VISIBLE_WITHIN.toSeconds()));
      }
      Thread.sleep(20);
      missing = missing(admin, names);
    }
  }

  /**
   * Those of the names that the cluster has no topic for, in the order given.
   *
   * @throws KafkaException if the cluster does not answer
   */
  public static List<String> missing(Admin admin, Collection<String> names)
      throws InterruptedException {
    try {
      Set<String> existing = admin.listTopics().names().get();
      return names.stream().filter(name -> !existing.contains(name)).toList();
    } catch (ExecutionException e) {
      throw kafkaException(e);
    }
  }

  private static KafkaException kafkaException(ExecutionException e) {
    return e.getCause() instanceof KafkaException kafka
        ? kafka
        : new KafkaException(e.getCause().getMessage(), e.getCause());
  }
}
