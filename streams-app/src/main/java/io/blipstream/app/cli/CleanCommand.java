package io.blipstream.app.cli;

import io.blipstream.app.broker.Cluster;
import io.blipstream.app.broker.Topics;
import io.blipstream.app.config.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.PolicyViolationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Takes away what the service made, so that it starts as if it had never run. Internal topics and
 * state stores are not among it: the topology is stateless and has none. The input topic is never
 * touched: nothing here could bring it back.
 */
@Command(
    name = "clean",
    description = {
      "Takes away all that a stopped service wrote: the records of captions, confidences and"
          + " rejects, its group, the group of replay, and its folder. The images stay, and are"
          + " read from the oldest when it is started next.",
      "Topics stay with their settings, unless --delete-topics; schemas stay in the registry."
    })
final class CleanCommand implements Callable<Integer> {

  @Mixin private KafkaOptions kafka;
  @Mixin private TopicOptions topics;
  @Mixin private Consent consent;
  @Mixin private ApplicationOptions application;

  @Option(
      names = "--replay-group",
      paramLabel = "NAME",
      defaultValue = "blipstream-replay",
      description =
          "Group in which replay remembers what it sent, of rejects that are then gone"
              + " (default: ${DEFAULT-VALUE}).")
  private String replayGroup;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "Folder given to run as --state-dir, if it was.")
  private Path stateDir = Path.of(System.getProperty("java.io.tmpdir"), "kafka-streams");

  @Option(
      names = "--delete-topics",
      description =
          "Delete the three topics themselves; run does not start before they are created again.")
  private boolean deleteTopics;

  @Override
  public Integer call() throws Exception {
    TopicNames names = topics.names();
    List<String> outputs = List.of(names.captions(), names.itmConfidence(), names.rejects());
    Cluster.requireTopics(kafka.kafka(), List.of());
    try (Admin admin = Cluster.admin(kafka.kafka())) {
      List<String> missing = Topics.missing(admin, outputs);
      List<String> there = outputs.stream().filter(name -> !missing.contains(name)).toList();
      List<ServiceGroup> groups = new ArrayList<>();
      List<String> steps = new ArrayList<>();
      for (String name : List.of(application.group(), replayGroup)) {
        ServiceGroup known = new ServiceGroup(admin, name);
        known.requireEmpty();
        if (known.exists()) {
          groups.add(known);
          steps.add("delete group " + name);
        }
      }
      there.forEach(
          name -> steps.add((deleteTopics ? "delete topic " : "delete all records of ") + name));
      Path folder = stateDir.resolve(requirePlain(application.group()));
      if (Files.exists(folder)) {
        steps.add("delete folder " + folder);
      }
      if (steps.isEmpty()) {
        steps.add("do nothing: there is nothing left of it");
      }
      if (consent.given(steps)) {
        for (ServiceGroup known : groups) {
          known.delete();
        }
        empty(admin, there);
        delete(folder);
      }
    }
    return ExitStatus.DONE.code();
  }

  /** A group's name becomes that of a folder that is deleted with all below it. */
  private static String requirePlain(String name) {
    if (!name.matches("[A-Za-z0-9._-]+") || name.matches("\\.+")) {
      throw new CommandFailure(
          ExitStatus.WRONG_USE,
          "'%s' is no application id: use the characters a-z A-Z 0-9 . _ -".formatted(name));
    }
    return name;
  }

  private void empty(Admin admin, List<String> there)
      throws InterruptedException, ExecutionException {
    if (deleteTopics) {
      admin.deleteTopics(there).all().get();
      return;
    }
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    for (var topic : admin.describeTopics(there).allTopicNames().get().values()) {
      for (var info : topic.partitions()) {
        // Kafka's word for "up to the end".
        all.put(
            new TopicPartition(topic.name(), info.partition()), RecordsToDelete.beforeOffset(-1));
      }
    }
    try {
      admin.deleteRecords(all).all().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PolicyViolationException) {
        throw new CommandFailure(
            ExitStatus.FAILED,
            "Kafka deletes no records of a topic whose cleanup.policy is compact; use"
                + " --delete-topics and create it again.",
            e);
      }
      throw e;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> below = Files.walk(folder)) {
        for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
