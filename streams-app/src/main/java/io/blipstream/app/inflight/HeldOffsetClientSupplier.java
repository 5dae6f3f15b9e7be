package io.blipstream.app.inflight;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Gives Kafka Streams clients whose commits never pass a held offset.
 *
 * <p>Rewritten on their way out: {@code Producer.sendOffsetsToTransaction} (exactly once), {@code
 * Consumer.commitSync} and {@code commitAsync} (at least once), and {@code Admin.deleteRecords},
 * which purges repartition topics up to the offset that Kafka Streams believes it committed. A
 * dynamic proxy touches only these and so survives methods that new client versions add. What a
 * client throws is rethrown as it is: Kafka Streams decides by the exception's type whether a task
 * has migrated, must be retried, or is lost.
 *
 * <p>Under {@code group.protocol=streams} Kafka Streams builds its consumer itself, past this
 * supplier. With exactly once that is harmless, since offsets travel through the producer; with at
 * least once it loses records, and the settings refuse that pair. Polls go past it there, too: the
 * input of a thread is then bounded by count only, outside of the windows. It does not wait for a
 * rebalance when it is stopped there.
 */
public final class HeldOffsetClientSupplier implements KafkaClientSupplier {

  private static final Set<String> CONSUMER_COMMITS = Set.of("commitSync", "commitAsync");

  /** Kafka Streams polls with no wait until a rebalance is over, which would burn a core. */
  private static final Duration STOPPED_POLL = Duration.ofMillis(20);

  private final KafkaClientSupplier clients;
  private final OffsetLedger ledger;
  private final BlockingBudget blocking;
  private final Intake intake;
  private final long threadBytes;
  private final int partitionRecords;

  /**
   * Wraps the clients of another supplier.
   *
   * @param threadBytes input that one stream thread may have read and not answered; it pauses
   *     beyond
   * @param partitionRecords records of one partition that may have been read and not answered
   */
  public HeldOffsetClientSupplier(
      KafkaClientSupplier clients,
      OffsetLedger ledger,
      BlockingBudget blocking,
      Intake intake,
      long threadBytes,
      int partitionRecords) {
    this.clients = clients;
    this.ledger = ledger;
    this.blocking = blocking;
    this.intake = intake;
    this.threadBytes = threadBytes;
    this.partitionRecords = partitionRecords;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return proxy(
        Admin.class,
        clients.getAdmin(config),
        Set.of("deleteRecords"),
        this::lowerDeletions,
        Around.nothing());
  }

  @Override
  @SuppressWarnings("unchecked")
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return proxy(
        Producer.class,
        clients.getProducer(config),
        Set.of("sendOffsetsToTransaction"),
        this::lowerCommit,
        Around.nothing());
  }

  @Override
  @SuppressWarnings("unchecked")
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return proxy(
        Consumer.class,
        clients.getConsumer(config),
        CONSUMER_COMMITS,
        this::lowerCommit,
        new PollsOf(new PollGate(ledger, threadBytes, partitionRecords)));
  }

  /** What is done before and after each poll of a client. */
  private interface Around<T> {
    /** Gives the arguments to poll with. */
    Object[] beforePoll(T client, Object[] arguments);

    void afterPoll(Object result);

    static <T> Around<T> nothing() {
      return new Around<>() {
        @Override
        public Object[] beforePoll(T client, Object[] arguments) {
          return arguments;
        }

        @Override
        public void afterPoll(Object result) {}
      };
    }
  }

  /** The polls of one stream thread. */
  @SuppressWarnings("rawtypes") // The proxy is made of a raw class.
  private final class PollsOf implements Around<Consumer> {

    private final PollGate gate;

    PollsOf(PollGate gate) {
      this.gate = gate;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object[] beforePoll(Consumer client, Object[] arguments) {
      if (!intake.isStopped()) {
        gate.beforePoll(client);
        return arguments;
      }
      intake.requirePatience();
      // Kafka Streams resumes partitions as its buffers empty, hence before every poll.
      client.pause(client.assignment());
      return new Object[] {STOPPED_POLL};
    }

    @Override
    @SuppressWarnings("unchecked")
    public void afterPoll(Object result) {
      gate.afterPoll((ConsumerRecords<byte[], byte[]>) result);
    }
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return clients.getRestoreConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return clients.getGlobalConsumer(config);
  }

  @SuppressWarnings("unchecked")
  private Object lowerCommit(Object offsets) {
    blocking.renew();
    return ledger.lower((Map<TopicPartition, OffsetAndMetadata>) offsets);
  }

  @SuppressWarnings("unchecked")
  private Object lowerDeletions(Object deletions) {
    return ledger.lowerDeletions((Map<TopicPartition, RecordsToDelete>) deletions);
  }

  private static <T> T proxy(
      Class<T> type,
      T target,
      Set<String> rewritten,
      UnaryOperator<Object> rewrite,
      Around<? super T> around) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object[] passed = arguments;
              if (rewritten.contains(method.getName())
                  && arguments != null
                  && arguments.length > 0
                  && arguments[0] instanceof Map) {
                passed = arguments.clone();
                passed[0] = rewrite.apply(arguments[0]);
              }
              boolean polls = method.getName().equals("poll");
              if (polls) {
                passed = around.beforePoll(target, passed);
              }
              try {
                Object result = method.invoke(target, passed);
                if (polls) {
                  around.afterPoll(result);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }
}
