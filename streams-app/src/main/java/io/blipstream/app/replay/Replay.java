package io.blipstream.app.replay;

import io.blipstream.app.config.IllegalConfigurationException;
import io.blipstream.app.replay.RejectedEvent.Original;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.serde.RecordSerdes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Serde;

/**
 * Sends rejected events back to a topic, each once.
 *
 * <p>What must hold:
 *
 * <ol>
 *   <li>An event is known by its coordinates. All its rejects (of the image, or of several texts)
 *       are one event; those of one judgement lie side by side, since they have one key and leave
 *       in one go.
 *   <li>Events and the ledger of what was dealt with ({@link Stretches}) are committed in one
 *       transaction. A run that was killed, or ran for another reason, leaves exactly the rest.
 *   <li>The ends of the reject topic are read before the first event is sent.
 *   <li>What is sent is what came in: bytes, key, headers and timestamp out of the input topic, or
 *       out of the reject where it carries all of them. What is in neither is named, not made up.
 * </ol>
 */
public final class Replay {

  /**
   * One replay.
   *
   * @param from topic of rejects
   * @param to topic that the events go to
   * @param group whose ledger is kept; also the transactional id
   * @param again forget what the ledger says
   * @param dryRun look, but neither send nor keep anything
   */
  public record Plan(
      String from,
      String to,
      Selection selection,
      Optional<Instant> since,
      Optional<Instant> until,
      String group,
      boolean again,
      boolean dryRun) {}

  /** Told of each event or reject that cannot be sent back, and why; one sentence. */
  @FunctionalInterface
  public interface Complaints {
    void say(String sentence);
  }

  private final Plan plan;
  private final Complaints complaints;
  private final Map<TopicPartition, Stretches> ledgers = new HashMap<>();
  private final Map<TopicPartition, Siblings> open = new HashMap<>();
  private final Places settled = new Places();
  private final List<RejectedEvent> batch = new ArrayList<>();
  private long rejects;
  private long replayed;
  private long before;
  private long notSelected;
  private long repeated;
  private long overMaxAttempts;
  private long gone;
  private long unreadable;

  /** The rejects of one event, as far as they were met. */
  private static final class Siblings {
    private final RejectedEvent first;
    private final long start;
    private boolean before;
    private boolean wanted;
    private boolean tired;

    Siblings(RejectedEvent first) {
      this.first = first;
      this.start = first.record().offset();
    }
  }

  private Replay(Plan plan, Complaints complaints) {
    this.plan = plan;
    this.complaints = complaints;
  }

  /**
   * Runs to the end of the rejects that are there now, or until it is told to stop; what was sent
   * until then is not sent by the next run.
   *
   * @param stop asked between batches
   * @throws org.apache.kafka.common.KafkaException if Kafka fails; then what was not committed was
   *     not sent
   */
  public static ReplaySummary run(
      Plan plan,
      Map<String, Object> kafka,
      Map<String, Object> registry,
      Complaints complaints,
      BooleanSupplier stop)
      throws InterruptedException {
    return new Replay(plan, complaints).run(kafka, registry, stop);
  }

  private ReplaySummary run(
      Map<String, Object> kafka, Map<String, Object> registry, BooleanSupplier stop)
      throws InterruptedException {
    Map<String, Object> consumer = consumerSettings(kafka);
    try (Serde<Reject> serde = RecordSerdes.create(Reject.class, registry, false);
        Originals originals = new Originals(consumer)) {
      if (plan.dryRun()) {
        try (RejectReader reader = reader(consumer, serde)) {
          read(reader, originals, Optional.empty(), stop);
        }
      } else {
        try (EventsBack back = new EventsBack(kafka, plan.group(), plan.to());
            RejectReader reader = reader(consumer, serde)) {
          read(reader, originals, Optional.of(back), stop);
        }
      }
    }
    return new ReplaySummary(
        rejects, replayed, before, notSelected, repeated, overMaxAttempts, gone, unreadable);
  }

  private RejectReader reader(Map<String, Object> consumer, Serde<Reject> serde) {
    return new RejectReader(
        consumer, serde.deserializer(), plan.from(), plan.since(), plan.until());
  }

  private void read(
      RejectReader reader, Originals originals, Optional<EventsBack> back, BooleanSupplier stop)
      throws InterruptedException {
    for (TopicPartition partition : reader.starts().keySet()) {
      ledgers.put(partition, new Stretches());
    }
    if (!plan.again()) {
      ledgers.putAll(reader.ledgers());
    }
    boolean more = true;
    while (more && !stop.getAsBoolean()) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll()) {
        meet(reader, record);
      }
      more = !reader.isDone();
      for (TopicPartition partition : reader.starts().keySet()) {
        if (reader.isDone(partition) && open.containsKey(partition)) {
          decide(open.remove(partition));
        }
      }
      boolean worth = !batch.isEmpty() || !more;
      sendBatch(originals, back);
      if (worth && back.isPresent()) {
        back.get().commit(ledger(reader), reader.group());
      }
    }
  }

  private void meet(RejectReader reader, ConsumerRecord<byte[], byte[]> record) {
    rejects++;
    TopicPartition partition = RejectReader.partitionOf(record);
    Optional<Reject> read = decode(reader, record);
    if (read.isEmpty()) {
      return;
    }
    RejectedEvent event = new RejectedEvent(record, read.get());
    Siblings siblings = open.get(partition);
    if (siblings == null || !siblings.first.isSameEventAs(event)) {
      if (siblings != null) {
        decide(siblings);
      }
      siblings = new Siblings(event);
      open.put(partition, siblings);
    }
    Reject reject = event.reject();
    if (ledgers
        .get(partition)
        .contains(
            reject.getStage().name(), reject.getReason(), event.attempts(), record.offset())) {
      siblings.before = true;
    } else if (plan.selection().includes(reject)) {
      boolean tired = event.attempts() >= plan.selection().maxAttempts();
      siblings.tired |= tired;
      siblings.wanted |= !tired;
    }
  }

  private Optional<Reject> decode(RejectReader reader, ConsumerRecord<byte[], byte[]> record) {
    try {
      Reject reject = reader.decode(record);
      if (reject != null) {
        return Optional.of(reject);
      }
      complain(record, "it has no value");
    } catch (RuntimeException e) {
      if (e instanceof RetriableException) {
        throw e;
      }
      complain(record, e.getMessage());
    }
    return Optional.empty();
  }

  private void complain(ConsumerRecord<byte[], byte[]> record, String why) {
    unreadable++;
    complaints.say(
        "The record at %s@%d is no reject: %s"
            .formatted(RejectReader.partitionOf(record), record.offset(), why));
  }

  private void decide(Siblings siblings) {
    RejectedEvent event = siblings.first;
    if (siblings.before) {
      before++;
      settled.add(event.partition(), event.offset());
    } else if (!siblings.wanted) {
      overMaxAttempts += siblings.tired ? 1 : 0;
      notSelected += siblings.tired ? 0 : 1;
    } else if (settled.contains(event.partition(), event.offset())) {
      repeated++;
    } else {
      settled.add(event.partition(), event.offset());
      batch.add(event);
    }
  }

  private void sendBatch(Originals originals, Optional<EventsBack> back) {
    // As they lie in the input: quick to fetch, and sent back in their order.
    batch.sort(
        Comparator.comparing((RejectedEvent event) -> event.partition().topic())
            .thenComparingInt(event -> event.partition().partition())
            .thenComparingLong(RejectedEvent::offset));
    for (RejectedEvent event : batch) {
      Optional<Original> original =
          event
              .carried()
              .or(() -> originals.find(event.partition(), event.offset()).flatMap(event::out));
      if (original.isPresent()) {
        replayed++;
        back.ifPresent(events -> events.send(original.get(), event.partition(), event.offset()));
      } else {
        gone++;
        complaints.say(
            "The event at %s@%d (image '%s', %s) is no longer in Kafka."
                .formatted(
                    event.partition(),
                    event.offset(),
                    event.reject().getImageId(),
                    event.reject().getReason()));
      }
    }
    batch.clear();
  }

  /** For each partition, how far it was read, up to rejects whose siblings may still come. */
  private Map<TopicPartition, OffsetAndMetadata> ledger(RejectReader reader) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    reader
        .starts()
        .forEach(
            (partition, start) -> {
              Siblings undecided = open.get(partition);
              long end = undecided == null ? reader.position(partition) : undecided.start;
              Stretches ledger = ledgers.get(partition);
              Stretches next = Stretches.parse(ledger.text(), 0);
              plan.selection().kinds().forEach(kind -> next.add(kind, start, end));
              offsets.put(partition, new OffsetAndMetadata(end, requireFits(next.text())));
            });
    return offsets;
  }

  private String requireFits(String text) {
    if (text.length() > Stretches.MAX_CHARS) {
      throw new IllegalConfigurationException(
          "The group %s has kept too many separate stretches of earlier runs to add another; run once without --stage, --reason, --since and --until, or take another --group."
              .formatted(plan.group()));
    }
    return text;
  }

  private Map<String, Object> consumerSettings(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
    kafka.forEach(
        (key, value) -> {
          if (ConsumerConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, plan.group());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return settings;
  }
}
