package io.blipstream.app.cli;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;

/** A consumer group as the broker knows it, whatever protocol its members spoke. */
final class ServiceGroup {

  private final Admin admin;
  private final String name;
  private final Optional<GroupType> type;

  ServiceGroup(Admin admin, String name) throws InterruptedException, ExecutionException {
    this.admin = admin;
    this.name = name;
    this.type =
        admin.listGroups().all().get().stream()
            .filter(group -> group.groupId().equals(name))
            .findFirst()
            .flatMap(GroupListing::type);
  }

  boolean exists() {
    return type.isPresent();
  }

  /**
   * @throws CommandFailure naming the members, if there are any
   */
  void requireEmpty() throws InterruptedException, ExecutionException {
    List<String> members = members();
    if (!members.isEmpty()) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "The group %s is in use by %s; stop %s first. What was killed a moment ago stays a member until its session.timeout.ms has passed, 45 s by default."
              .formatted(
                  name, String.join(", ", members), members.size() == 1 ? "it" : "all of them"));
    }
  }

  private List<String> members() throws InterruptedException, ExecutionException {
    if (type.isEmpty()) {
      return List.of();
    }
    List<String> names = List.of(name);
    return switch (type.get()) {
      case STREAMS ->
          admin.describeStreamsGroups(names).all().get().get(name).members().stream()
              .map(ServiceGroup::shown)
              .toList();
      case CONSUMER -> shown(admin.describeConsumerGroups(names).all().get().get(name).members());
      default -> shown(admin.describeClassicGroups(names).all().get().get(name).members());
    };
  }

  private static List<String> shown(Collection<MemberDescription> members) {
    return members.stream().map(member -> member.clientId() + member.host()).toList();
  }

  private static String shown(StreamsGroupMemberDescription member) {
    return member.clientId() + member.clientHost();
  }

  /** Committed offsets by partition. */
  Map<TopicPartition, Long> offsets() throws InterruptedException, ExecutionException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    if (exists()) {
      admin
          .listConsumerGroupOffsets(name)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach((partition, at) -> offsets.put(partition, at == null ? 0 : at.offset()));
    }
    return offsets;
  }

  /** Sets offsets; a group that does not exist is made by that. */
  void set(Map<TopicPartition, Long> offsets) throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> set = new HashMap<>();
    offsets.forEach((partition, offset) -> set.put(partition, new OffsetAndMetadata(offset)));
    if (isStreams()) {
      admin.alterStreamsGroupOffsets(name, set).all().get();
    } else {
      admin.alterConsumerGroupOffsets(name, set).all().get();
    }
  }

  void delete() throws InterruptedException, ExecutionException {
    if (isStreams()) {
      admin.deleteStreamsGroups(List.of(name)).all().get();
    } else if (exists()) {
      admin.deleteConsumerGroups(List.of(name)).all().get();
    }
  }

  private boolean isStreams() {
    return type.equals(Optional.of(GroupType.STREAMS));
  }
}
