package io.blipstream.app.topology;

import io.blipstream.app.batching.BatcherStatistics;
import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.broker.Cluster;
import io.blipstream.app.config.IllegalConfigurationException;
import io.blipstream.app.config.MissingDependencyException;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.config.StreamsProperties;
import io.blipstream.app.inflight.InFlightStatistics;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.model.CapFilt;
import io.blipstream.model.ModelDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance: image events in; captions, confidences and rejects out.
 *
 * <p>Its life: {@link #start} checks the surroundings, loads the model and runs; {@link #close}
 * answers what is in flight as far as time allows, and stops. An instance is started once.
 */
public final class CapFiltService implements ObservedService, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CapFiltService.class);

  /** A model that fails gives way at once; one that hangs is left alone, whatever the wait. */
  private static final Duration BROKEN_DEVICE = Duration.ofSeconds(1);

  private final CapFiltAssembly assembly;
  private final KafkaStreams streams;
  private final ModelDescription model;
  private final ServiceSettings settings;
  private final ThreadFailures failures = new ThreadFailures();
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private volatile boolean hasRun;
  private volatile boolean stopping;
  private Optional<Boolean> closed = Optional.empty();
  private final DeviceWatch watch;

  /**
   * Checks Kafka, its topics and the schema registry, loads the model, and starts to work.
   *
   * @param model loads the model; called once, after the checks. It is closed with the service
   * @param fetcher reads image links
   * @param listener told of every outcome
   * @throws MissingDependencyException if Kafka, a topic or the registry is missing
   * @throws io.blipstream.schemas.serde.SchemaRefusedException if the registry has schemas under
   *     our subjects that ours do not go with
   * @throws IllegalConfigurationException if Kafka Streams refuses its settings
   */
  public static CapFiltService start(
      ServiceSettings settings,
      Supplier<? extends CapFilt> model,
      ImageFetcher fetcher,
      OutcomeListener listener) {
    return start(settings, model, fetcher, listener, UnaryOperator.identity());
  }

  /**
   * @param clients may replace the client supplier; for tests that show what held offsets are for
   */
  static CapFiltService start(
      ServiceSettings settings,
      Supplier<? extends CapFilt> model,
      ImageFetcher fetcher,
      OutcomeListener listener,
      UnaryOperator<KafkaClientSupplier> clients) {
    Properties properties = StreamsProperties.of(settings);
    Duration commitInterval;
    try {
      StreamsConfig config = new StreamsConfig(properties);
      commitInterval = Duration.ofMillis(config.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
      Cluster.requireTopics(config.getAdminConfigs("blipstream-check"), settings.topics().all());
      SchemaCheck.requireUsable(settings);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MissingDependencyException("Interrupted while asking Kafka for its topics.", e);
    } catch (ConfigException e) {
      throw new IllegalConfigurationException(
          "Kafka Streams does not accept its settings: " + e.getMessage(), e);
    }
    CapFiltAssembly assembly = assemble(settings, commitInterval, model.get(), fetcher, listener);
    try {
      return new CapFiltService(assembly, settings, properties, clients);
    } catch (RuntimeException e) {
      assembly.close(Duration.ofSeconds(5));
      throw e;
    }
  }

  private static CapFiltAssembly assemble(
      ServiceSettings settings,
      Duration commitInterval,
      CapFilt model,
      ImageFetcher fetcher,
      OutcomeListener listener) {
    try {
      return new CapFiltAssembly(settings, commitInterval, model, fetcher, listener);
    } catch (ConfigException e) {
      model.close();
      throw SchemaCheck.badSettings(e);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private CapFiltService(
      CapFiltAssembly assembly,
      ServiceSettings settings,
      Properties properties,
      UnaryOperator<KafkaClientSupplier> clients) {
    this.assembly = assembly;
    this.model = assembly.model();
    this.settings = settings;
    this.streams =
        new KafkaStreams(
            assembly.topology(),
            properties,
            clients.apply(assembly.holdingOffsets(new DefaultKafkaClientSupplier())));
    streams.setUncaughtExceptionHandler(failures);
    streams.setStateListener(this::changed);
    this.watch =
        new DeviceWatch(
            assembly::device,
            settings.deviceGiveUp(),
            terminated::completeExceptionally,
            System::nanoTime);
    streams.start();
    watch.start();
  }

  private void changed(KafkaStreams.State now, KafkaStreams.State before) {
    LOG.info("The stream goes from {} to {}", before, now);
    hasRun |= now == KafkaStreams.State.RUNNING;
    if (now == KafkaStreams.State.ERROR) {
      Throwable cause =
          failures.fatal().orElseGet(() -> new StreamsException("Kafka Streams gave up"));
      terminated.completeExceptionally(cause);
    } else if (now == KafkaStreams.State.NOT_RUNNING) {
      terminated.complete(null);
    }
  }

  @Override
  public KafkaStreams.State state() {
    return streams.state();
  }

  @Override
  public boolean hasRun() {
    return hasRun;
  }

  @Override
  public boolean isStopping() {
    return stopping;
  }

  /**
   * Completed when the service is over: by {@link #close}, with the failure that ended the stream,
   * or with a {@link DeviceLostException}; it is then still to be closed.
   */
  @Override
  public CompletableFuture<Void> terminated() {
    return terminated.copy();
  }

  @Override
  public OutcomeCounts counts() {
    return assembly.counts();
  }

  @Override
  public InFlightStatistics inFlight() {
    return assembly.inFlight();
  }

  @Override
  public List<TaskStatistics> tasks() {
    return assembly.tasks();
  }

  @Override
  public BatcherStatistics batching() {
    return assembly.batching();
  }

  @Override
  public DeviceHealth device() {
    return assembly.device();
  }

  @Override
  public ServiceSettings settings() {
    return settings;
  }

  @Override
  public Map<MetricName, ? extends Metric> kafkaMetrics() {
    return streams.metrics();
  }

  @Override
  public ModelDescription model() {
    return model;
  }

  /** Closes within 30 seconds. */
  @Override
  public void close() {
    close(Duration.ofSeconds(30));
  }

  /**
   * Takes no more records, gives those in flight up to half of the time to be answered, commits,
   * leaves the group and stops. What is not answered by then is read again by the next owner;
   * nothing is lost. A model that does not answer is not waited for, nor, beyond three quarters of
   * the time, a group that rebalances. Closes once: a later call returns what the first did,
   * without waiting again.
   *
   * @return whether all came to rest in time
   */
  public synchronized boolean close(Duration timeout) {
    if (closed.isEmpty()) {
      closed = Optional.of(closeOnce(timeout));
    }
    return closed.get();
  }

  private boolean closeOnce(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    stopping = true;
    watch.close();
    assembly.stopIntake(timeout.multipliedBy(3).dividedBy(4));
    awaitAnswers(System.nanoTime() + timeout.dividedBy(2).toNanos());
    // The last sixth is for the model, which ends at the images it is at: a process that exits
    // while native code computes crashes.
    // Kafka Streams' own default is to stay a member until the session times out: a thread that is
    // still joining would wait for those that have ended, and the next owner for this instance.
    boolean stopped =
        streams.close(
            CloseOptions.timeout(left(deadline - timeout.dividedBy(6).toNanos()))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    boolean rested =
        assembly.close(assembly.device().isWorking() ? left(deadline) : least(deadline));
    terminated.complete(null);
    return stopped && rested;
  }

  private void awaitAnswers(long deadline) {
    try {
      while (streams.state().isRunningOrRebalancing()
          && assembly.inFlight().started() > 0
          && assembly.device().isWorking()
          && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration least(long deadline) {
    Duration left = left(deadline);
    return left.compareTo(BROKEN_DEVICE) < 0 ? left : BROKEN_DEVICE;
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }
}
