package io.blipstream.app.cli;

import io.blipstream.app.broker.EmbeddedBroker;
import io.blipstream.app.cli.bench.BenchEvents;
import io.blipstream.app.cli.bench.OutcomeTally;
import io.blipstream.app.cli.bench.SimulatedDevice;
import io.blipstream.app.cli.soak.Guarantee;
import io.blipstream.app.config.ServiceConfig;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.registry.EmbeddedRegistry;
import io.blipstream.schemas.serde.RegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Broker and registry in this process, and on them one measured case after the other, each with
 * topics and a group of its own.
 */
final class BenchStage implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final BenchStreamOptions options;
  private final Path folder;
  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;
  private int cases;

  BenchStage(BenchStreamOptions options, Path folder) throws IOException {
    this.options = options;
    this.folder = folder;
    this.broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
    try {
      this.registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
    } catch (IOException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** The topics of one case; closing it deletes them. */
  final class Case implements AutoCloseable {

    private final String name = "bench-" + ++cases;
    private final TopicNames topics =
        new TopicNames(
            name + "-images", name + "-captions", name + "-itm-confidence", name + "-rejects");
    private final SimulatedDevice device;
    private final Guarantee guarantee;

    Case(SimulatedDevice device, Guarantee guarantee)
        throws InterruptedException, ExecutionException {
      this.device = device;
      this.guarantee = guarantee;
      BrokerCommand.createTopics(broker.bootstrapServers(), topics, options.partitions());
      try (Admin admin = Admin.create(kafka())) {
        // The broker keeps a deleted topic's files for a minute: several gigabytes a case.
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.TOPIC, topics.images()),
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry("file.delete.delay.ms", "1000"),
                            AlterConfigOp.OpType.SET))))
            .all()
            .get();
      }
    }

    TopicNames topics() {
      return topics;
    }

    /** Starts the service on these topics. */
    BenchService start() throws IOException {
      return BenchService.start(options.jvmOptions(), flags(), folder.resolve(name + ".log"));
    }

    private List<String> flags() {
      List<String> flags = new ArrayList<>(List.of("run"));
      add(flags, ServiceConfig.BOOTSTRAP_SERVERS, broker.bootstrapServers());
      add(flags, RegistrySettings.URL, registry.url());
      add(flags, ServiceConfig.APPLICATION_ID, name);
      add(flags, ServiceConfig.TOPIC_IMAGES, topics.images());
      add(flags, ServiceConfig.TOPIC_CAPTIONS, topics.captions());
      add(flags, ServiceConfig.TOPIC_ITM_CONFIDENCE, topics.itmConfidence());
      add(flags, ServiceConfig.TOPIC_REJECTS, topics.rejects());
      add(flags, ServiceConfig.PROCESSING_GUARANTEE, guarantee.setting());
      add(flags, ServiceConfig.STATE_DIR, folder.resolve(name));
      add(flags, ServiceConfig.BATCH_SIZE, options.batch());
      add(flags, "engine", "simulated");
      add(flags, "batch.millis", device.batchMillis());
      add(flags, "item.millis", device.itemMillis());
      // Decoding has a bench of its own.
      add(flags, "image.side", 0);
      flags.addAll(options.runFlags());
      return flags;
    }

    /** Sends events number from (inclusive) to (exclusive) as fast as they are taken. */
    void fill(BenchEvents events, int from, int to) {
      try (Feed feed = new Feed(Map.of())) {
        for (int number = from; number < to; number++) {
          feed.send(events, number, System.currentTimeMillis());
        }
      }
    }

    /** A sender whose failures are the command's. */
    final class Feed implements AutoCloseable {

      private final AtomicReference<String> failed = new AtomicReference<>("");
      private final EventSender sender;

      Feed(Map<String, Object> producer) {
        Map<String, Object> settings = new HashMap<>(kafka());
        settings.putAll(producer);
        sender =
            new EventSender(
                settings, registrySettings(), topics.images(), (id, why) -> failed.set(id + why));
      }

      void send(BenchEvents events, int number, long created) {
        sender.send(events.event(number), created);
        requireTaken();
      }

      private void requireTaken() {
        if (!failed.get().isEmpty()) {
          throw new CommandFailure(ExitStatus.FAILED, failed.get());
        }
      }

      /** Returns when all is taken. */
      @Override
      public void close() {
        sender.flush();
        sender.close();
        requireTaken();
      }
    }

    /** Reads committed records of some of the topics. */
    TopicReader reader(List<String> names) {
      return new TopicReader(kafka(), registrySettings(), topics, names);
    }

    /** For single images: it does not wait for company, which would be measured, too. */
    Feed feed() {
      return new Feed(Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    }

    /** Reads all committed outcomes of so many events. */
    OutcomeTally tally(int events) {
      OutcomeTally tally = new OutcomeTally(events);
      List<String> names = List.of(topics.captions(), topics.itmConfidence(), topics.rejects());
      try (TopicReader reader = reader(names)) {
        reader.fromBeginning();
        Map<TopicPartition, Long> ends = reader.ends();
        while (!reader.hasReached(ends)) {
          for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
            if (record.topic().equals(topics.itmConfidence())) {
              tally.confidence(record.key());
            } else {
              tally.text(record.key());
            }
          }
        }
      }
      return tally;
    }

    @Override
    public void close() {
      try (Admin admin = Admin.create(kafka())) {
        admin.deleteTopics(topics.all()).all().get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        throw new CommandFailure(
            ExitStatus.FAILED, "The topics of a case could not be deleted: " + e.getMessage(), e);
      }
    }
  }

  private static void add(List<String> flags, String key, Object value) {
    flags.add("--" + key.replace('.', '-') + "=" + value);
  }

  private Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private Map<String, Object> registrySettings() {
    return Map.of(RegistrySettings.URL, registry.url());
  }

  @Override
  public void close() {
    registry.close();
    broker.close();
  }
}
