package io.blipstream.app.cli;

import io.blipstream.app.cli.soak.Findings;
import io.blipstream.app.cli.soak.Guarantee;
import io.blipstream.app.cli.soak.Oracle;
import io.blipstream.app.cli.soak.Outcome;
import io.blipstream.app.cli.soak.Place;
import io.blipstream.app.cli.soak.SoakEvents;
import io.blipstream.app.cli.soak.SoakPlan;
import io.blipstream.app.config.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads all that a stream took in and gave out, and lets the oracle judge it. */
public final class SoakCheck {

  private static final Duration POLL = Duration.ofMillis(200);

  /** A transaction that was open when its owner died ends by its timeout. */
  private static final Duration TRANSACTIONS_END_WITHIN =
      SoakPlan.TRANSACTION_TIMEOUT.multipliedBy(3);

  private final Map<String, Object> kafka;
  private final Map<String, Object> registry;
  private final TopicNames topics;
  private final String group;
  private final Oracle oracle;

  /**
   * @param group of the service
   * @param guarantee that it gives
   * @param events what was sent
   */
  public SoakCheck(
      Map<String, Object> kafka,
      Map<String, Object> registry,
      TopicNames topics,
      String group,
      Guarantee guarantee,
      SoakEvents events) {
    this.kafka = kafka;
    this.registry = registry;
    this.topics = topics;
    this.group = group;
    this.oracle = new Oracle(guarantee, events::expectation);
  }

  /**
   * To be called once the service has stopped.
   *
   * @param acknowledged how many inputs Kafka took
   */
  public Findings findings(long acknowledged) throws InterruptedException, ExecutionException {
    List<String> outputs = List.of(topics.captions(), topics.itmConfidence(), topics.rejects());
    try (GroupProgress progress = new GroupProgress(kafka, group)) {
      Map<TopicPartition, Long> committed = progress.committed();
      progress
          .ends(List.of(topics.images()))
          .forEach(
              (partition, end) ->
                  oracle.committed(
                      partition.topic(),
                      partition.partition(),
                      committed.getOrDefault(partition, 0L),
                      end));
      readAll(
          List.of(topics.images()),
          (reader, record) ->
              oracle.input(
                  new Place(record.topic(), record.partition(), record.offset()),
                  new String(record.key(), StandardCharsets.UTF_8)));
      oracle.acknowledged(acknowledged);
      try (TopicReader reader = new TopicReader(kafka, registry, topics, outputs)) {
        Map<TopicPartition, Long> ends = progress.ends(outputs);
        awaitStable(reader, ends);
        reader.ends().forEach((p, stable) -> oracle.stable(p.toString(), stable, ends.get(p)));
      }
      readAll(
          outputs,
          (reader, record) ->
              oracle.outcome(
                  Outcome.of(record.topic() + "-" + record.partition(), reader.decode(record))));
    }
    return oracle.findings();
  }

  private static void awaitStable(TopicReader reader, Map<TopicPartition, Long> ends)
      throws InterruptedException {
    long deadline = System.nanoTime() + TRANSACTIONS_END_WITHIN.toNanos();
    while (!reader.ends().equals(ends) && System.nanoTime() < deadline) {
      Thread.sleep(POLL.toMillis());
    }
  }

  private void readAll(
      List<String> names, BiConsumer<TopicReader, ConsumerRecord<byte[], byte[]>> each) {
    try (TopicReader reader = new TopicReader(kafka, registry, topics, names)) {
      reader.fromBeginning();
      Map<TopicPartition, Long> ends = reader.ends();
      while (!reader.hasReached(ends)) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          each.accept(reader, record);
        }
      }
    }
  }
}
