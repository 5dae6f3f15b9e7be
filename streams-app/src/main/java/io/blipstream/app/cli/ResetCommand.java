package io.blipstream.app.cli;

import io.blipstream.app.broker.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Sets where the service goes on reading. Kafka's own reset tool also deletes internal topics and
 * state; this topology is stateless and has none of either.
 */
@Command(
    name = "reset",
    description = {
      "Sets from where a stopped service reads images when it is started next.",
      "What it wrote stays: images that are read again get outcomes again. clean removes them."
    })
final class ResetCommand implements Callable<Integer> {

  @Mixin private KafkaOptions kafka;
  @Mixin private Consent consent;
  @Mixin private ApplicationOptions application;

  @Option(
      names = "--topic-images",
      paramLabel = "NAME",
      defaultValue = "images",
      description = "Topic of image events (default: ${DEFAULT-VALUE}).")
  private String topic;

  @Option(
      names = "--to",
      paramLabel = "earliest|latest|TIME",
      defaultValue = "earliest",
      description =
          "The oldest image there is, the end, or the first image whose timestamp is from then on: "
              + Moment.FORM
              + " (default: ${DEFAULT-VALUE}).")
  private String to;

  @Override
  public Integer call() throws Exception {
    boolean byTime = !to.equalsIgnoreCase("earliest") && !to.equalsIgnoreCase("latest");
    OffsetSpec place =
        byTime
            ? OffsetSpec.forTimestamp(time().toEpochMilli())
            : to.equalsIgnoreCase("latest") ? OffsetSpec.latest() : OffsetSpec.earliest();
    Cluster.requireTopics(kafka.kafka(), List.of(topic));
    try (Admin admin = Cluster.admin(kafka.kafka())) {
      ServiceGroup service = new ServiceGroup(admin, application.group());
      service.requireEmpty();
      Map<TopicPartition, Long> targets = targets(admin, place);
      if (consent.given(steps(service.offsets(), targets))) {
        service.set(targets);
      }
    }
    return ExitStatus.DONE.code();
  }

  private Instant time() {
    try {
      return Moment.parse(to);
    } catch (picocli.CommandLine.TypeConversionException e) {
      throw new CommandFailure(
          ExitStatus.WRONG_USE,
          "--to takes earliest, latest or a time: %s.".formatted(e.getMessage()),
          e);
    }
  }

  private Map<TopicPartition, Long> targets(Admin admin, OffsetSpec place)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (var info :
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions()) {
      TopicPartition partition = new TopicPartition(topic, info.partition());
      asked.put(partition, place);
      ends.put(partition, OffsetSpec.latest());
    }
    Map<TopicPartition, Long> targets =
        new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
    admin.listOffsets(asked).all().get().forEach((p, found) -> targets.put(p, found.offset()));
    // A time after the last image has no offset: the end is meant.
    admin
        .listOffsets(ends)
        .all()
        .get()
        .forEach((p, end) -> targets.computeIfPresent(p, (k, at) -> at < 0 ? end.offset() : at));
    return targets;
  }

  private List<String> steps(
      Map<TopicPartition, Long> committed, Map<TopicPartition, Long> targets) {
    List<String> steps = new ArrayList<>();
    targets.forEach(
        (partition, target) ->
            steps.add(
                String.format(
                    Locale.ROOT,
                    "set group %s at %s from %s to %d",
                    application.group(),
                    partition,
                    committed.containsKey(partition) ? committed.get(partition) : "nothing",
                    target)));
    return steps;
  }
}
