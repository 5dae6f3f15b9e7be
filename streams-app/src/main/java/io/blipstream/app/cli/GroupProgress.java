package io.blipstream.app.cli;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;

/** Asks the broker how far a stream has come; for a stream that this process alone runs. */
final class GroupProgress implements AutoCloseable {

  private final Admin admin;
  private final String group;

  GroupProgress(Map<String, Object> kafka, String group) {
    this.admin = Admin.create(Map.of("bootstrap.servers", kafka.get("bootstrap.servers")));
    this.group = group;
  }

  /**
   * Aborts what earlier runs left open when they were killed. Kafka Streams gives a stateless
   * stream new transactional ids at every start, so the new ones do not fence the old ones, and
   * readers of committed records would wait for the old ones to time out.
   */
  void abortEarlierTransactions() throws InterruptedException, ExecutionException {
    List<String> earlier =
        admin.listTransactions().all().get().stream()
            .map(TransactionListing::transactionalId)
            .filter(id -> id.startsWith(group + "-"))
            .toList();
    if (!earlier.isEmpty()) {
      admin.fenceProducers(earlier).all().get();
    }
  }

  /** Whether the group has committed a topic to its end. */
  boolean isAllCommitted(String topic) throws InterruptedException, ExecutionException {
    Map<TopicPartition, Long> committed = committed();
    return ends(List.of(topic)).entrySet().stream()
        .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  /** How far the group has committed; partitions without a commit are not there. */
  Map<TopicPartition, Long> committed() throws InterruptedException, ExecutionException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                committed.put(partition, offset.offset());
              }
            });
    return committed;
  }

  /** Where topics end, records of open transactions included. */
  Map<TopicPartition, Long> ends(Collection<String> topics)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(
              info ->
                  latest.put(
                      new TopicPartition(topic.name(), info.partition()), OffsetSpec.latest()));
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
        admin.listOffsets(latest).all().get().entrySet()) {
      ends.put(end.getKey(), end.getValue().offset());
    }
    return ends;
  }

  @Override
  public void close() {
    admin.close();
  }
}
