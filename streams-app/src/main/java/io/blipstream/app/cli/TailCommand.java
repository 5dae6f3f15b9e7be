package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.broker.Cluster;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.serde.RegistryUnavailableException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the records of a topic as they come. */
@Command(
    name = "tail",
    description = {
      "Prints the records of a topic as they come, one a line, committed ones only.",
      "Without --from-beginning it starts with what comes after its own start."
    })
final class TailCommand implements Callable<Integer> {

  private static final Duration POLL = Duration.ofMillis(250);

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private TopicOptions topics;

  @Parameters(
      paramLabel = "TOPIC",
      description = "One of the four topics: images, captions, itm-confidence, rejects.")
  private String topic;

  @Option(
      names = "--json",
      description = "One JSON object a line: coordinates, key and the whole record.")
  private boolean json;

  @Option(
      names = "--bytes",
      description = "With --json: write bytes in Base64, not only how many there are.")
  private boolean bytes;

  @Option(names = "--from-beginning", description = "Start with the oldest record there is.")
  private boolean fromBeginning;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "End after so many records (default: go on until stopped).")
  private Long max;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "End when no record has come for so long; with --max that is a failure"
              + " (default: wait for ever).")
  private Long timeout;

  @Override
  public Integer call() throws Exception {
    TopicNames names = topics.names();
    Cluster.requireTopics(kafka.kafka(), List.of(topic));
    RecordJson toJson = new RecordJson(bytes);
    PrintWriter out = spec.commandLine().getOut();
    try (UntilStopped stop = new UntilStopped();
        TopicReader reader =
            new TopicReader(kafka.kafka(), kafka.registry(), names, List.of(topic))) {
      if (fromBeginning) {
        reader.fromBeginning();
      } else {
        reader.fromEnd();
      }
      long printed = 0;
      long last = System.nanoTime();
      while (!stop.isAsked() && (max == null || printed < max)) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          if (max == null || printed < max) {
            out.println(json ? json(reader, record, toJson) : text(reader, record));
            printed++;
          }
          last = System.nanoTime();
        }
        out.flush();
        if (timeout != null && System.nanoTime() - last > Duration.ofSeconds(timeout).toNanos()) {
          if (max != null && printed < max) {
            throw new CommandFailure(
                ExitStatus.FAILED,
                "Only %d of %d records came to %s: none for %d s."
                    .formatted(printed, max, topic, timeout));
          }
          break;
        }
      }
    }
    return ExitStatus.DONE.code();
  }

  private static String text(TopicReader reader, ConsumerRecord<byte[], byte[]> record) {
    try {
      SpecificRecord value = reader.decode(record);
      return value == null ? place(record) + "  (no value)" : RecordText.line(value);
    } catch (RegistryUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      return place(record) + "  (unreadable: " + e.getMessage() + ")";
    }
  }

  private static String json(
      TopicReader reader, ConsumerRecord<byte[], byte[]> record, RecordJson toJson) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("topic", record.topic());
    line.put("partition", record.partition());
    line.put("offset", record.offset());
    line.put("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
    line.put("key", record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8));
    try {
      SpecificRecord value = reader.decode(record);
      line.set("value", value == null ? line.nullNode() : toJson.object(value));
    } catch (RegistryUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      line.put("unreadable", e.getMessage());
    }
    return line.toString();
  }

  private static String place(ConsumerRecord<byte[], byte[]> record) {
    return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
  }
}
