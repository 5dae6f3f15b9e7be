package io.blipstream.app.topology;

import io.blipstream.app.config.MissingDependencyException;
import io.blipstream.app.config.ServiceSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes sure, before anything starts, that Kafka answers and has the service's topics. */
final class TopicCheck {

  private TopicCheck() {}

  /**
   * @throws MissingDependencyException naming what is missing
   */
  static void requireTopics(Map<String, Object> admin, ServiceSettings settings, Duration timeout) {
    List<String> missing = new ArrayList<>();
    Admin client = Admin.create(admin);
    try {
      Map<String, KafkaFuture<TopicDescription>> found =
          client.describeTopics(settings.topics().all()).topicNameValues();
      for (String topic : settings.topics().all()) {
        try {
          found.get(topic).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
          if (e.getCause() instanceof UnknownTopicOrPartitionException) {
            missing.add(topic);
          } else {
            throw unreachable(settings, e.getCause());
          }
        }
      }
    } catch (TimeoutException e) {
      throw unreachable(settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(settings, e);
    } catch (KafkaException e) {
      throw unreachable(settings, e);
    } finally {
      // Without a limit, closing waits for the very calls that went unanswered.
      client.close(Duration.ZERO);
    }
    if (!missing.isEmpty()) {
      throw new MissingDependencyException(
          "Kafka at "
              + settings.bootstrapServers()
              + " has no topic "
              + String.join(", ", missing)
              + "; create what is missing, or set the topic names.");
    }
  }

  private static MissingDependencyException unreachable(ServiceSettings settings, Throwable cause) {
    return new MissingDependencyException(
        "Kafka at "
            + settings.bootstrapServers()
            + " did not answer ("
            + Failures.words(cause)
            + "); start it, or set bootstrap.servers.",
        cause);
  }
}
