package io.blipstream.app.inflight;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
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
 * Gives Kafka Streams clients whose commits never pass a held offset, and cost nothing while no
 * offset moves ({@link EmptyCommits}).
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
    Admin admin = clients.getAdmin(config);
    return proxy(
        Admin.class,
        (method, arguments) ->
            invoke(
                admin,
                method,
                method.getName().equals("deleteRecords")
                    ? rewritten(arguments, this::lowerDeletions)
                    : arguments));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return proxy(Producer.class, new Transactions(clients.getProducer(config)));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return proxy(Consumer.class, new Reading(clients.getConsumer(config)));
  }

  /** What a client's proxy does in place of the client. */
  @FunctionalInterface
  private interface Calls {
    Object call(Method method, Object[] arguments) throws Throwable;
  }

  /** The producer of one stream thread. */
  private final class Transactions implements Calls {

    private final Producer<byte[], byte[]> producer;
    private final EmptyCommits empty = new EmptyCommits();

    Transactions(Producer<byte[], byte[]> producer) {
      this.producer = producer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object call(Method method, Object[] arguments) throws Throwable {
      Object[] passed = arguments;
      switch (method.getName()) {
        case "send" -> empty.sent();
        case "sendOffsetsToTransaction" -> {
          passed = rewritten(arguments, HeldOffsetClientSupplier.this::lowerCommit);
          if (empty.changesNothing((Map<TopicPartition, OffsetAndMetadata>) passed[0])) {
            return null;
          }
        }
        default -> {}
      }
      Object result = invoke(producer, method, passed);
      switch (method.getName()) {
        case "commitTransaction" -> empty.committed();
        case "abortTransaction" -> empty.aborted();
        default -> {}
      }
      return result;
    }
  }

  /** The consumer of one stream thread. */
  private final class Reading implements Calls {

    private final Consumer<byte[], byte[]> consumer;
    private final PollGate gate = new PollGate(ledger, threadBytes, partitionRecords);

    Reading(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object call(Method method, Object[] arguments) throws Throwable {
      if (CONSUMER_COMMITS.contains(method.getName())) {
        return invoke(
            consumer, method, rewritten(arguments, HeldOffsetClientSupplier.this::lowerCommit));
      }
      if (!method.getName().equals("poll")) {
        return invoke(consumer, method, arguments);
      }
      Object records = invoke(consumer, method, beforePoll(arguments));
      gate.afterPoll((ConsumerRecords<byte[], byte[]>) records);
      return records;
    }

    private Object[] beforePoll(Object... arguments) {
      if (!intake.isStopped()) {
        gate.beforePoll(consumer);
        return new Object[] {gate.patience((Duration) arguments[0])};
      }
      intake.requirePatience();
      // Kafka Streams resumes partitions as its buffers empty, hence before every poll.
      consumer.pause(consumer.assignment());
      return new Object[] {STOPPED_POLL};
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

  /** Arguments of which the first, if it is a map, is another. */
  private static Object[] rewritten(Object[] arguments, UnaryOperator<Object> rewrite) {
    if (arguments == null || arguments.length == 0 || !(arguments[0] instanceof Map)) {
      return arguments;
    }
    Object[] passed = arguments.clone();
    passed[0] = rewrite.apply(arguments[0]);
    return passed;
  }

  private static Object invoke(Object client, Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> calls.call(method, arguments)));
  }
}
