package io.blipstream.app.config;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What Kafka Streams is given: defaults that suit values of about 100 KB, then the user's own. */
public final class StreamsProperties {

  /** Records of a partition that Kafka Streams may have read and not yet given to its task. */
  public static final int READ_AHEAD_RECORDS = 128;

  /** In a buffer before it pauses its partition, and of one poll. */
  private static final int MOST_RECORDS = READ_AHEAD_RECORDS / 2;

  /** Of a broker at once; about a hundred and sixty values of 100 KB. A larger value goes alone. */
  private static final int MOST_FETCH_BYTES = 16 << 20;

  private static final int LEAST_FETCH_BYTES = 1 << 20;

  private StreamsProperties() {}

  public static Properties of(ServiceSettings settings) {
    Properties p = new Properties();
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, settings.processingGuarantee());
    p.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol());
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.streamThreads());
    if (!settings.stateDir().isBlank()) {
      p.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir());
    }
    if (settings.processingGuarantee().equals("at_least_once")) {
      // The default of 30 s would replay 30 s of work after a crash.
      p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
    }
    // How late a finished batch is noticed while no images arrive.
    p.put(StreamsConfig.POLL_MS_CONFIG, 10);
    // Kafka Streams buffers by count, not by bytes; window.bytes bounds both together, by a gate
    // before each poll.
    p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, MOST_RECORDS);
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    p.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
        NonNegativeTimestamp.class.getName());
    consumer(p, settings);
    producer(p, settings);
    p.putAll(settings.kafka());
    return p;
  }

  private static void consumer(Properties p, ServiceSettings settings) {
    // Fetched ahead of the gate, and once more on its way in: an eighth of window.bytes a thread
    // keeps both together below a quarter of it.
    long share = settings.windowBytes() / settings.streamThreads() / 8;
    int fetch = (int) Math.min(MOST_FETCH_BYTES, Math.max(LEAST_FETCH_BYTES, share));
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), fetch / 2);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), fetch);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), MOST_RECORDS);
  }

  private static void producer(Properties p, ServiceSettings settings) {
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        (int) settings.transactionTimeout().toMillis());
    // Bounds what is written; ours is checked before, this must only not be smaller.
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Math.max(8 << 20, settings.outputMaxBytes() + (1 << 20)));
    p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 1 << 20);
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Math.max(32L << 20, 4L * settings.outputMaxBytes()));
    // With transactions a record is seen at the commit, which sends what is left at once; without
    // them it is seen as soon as it is sent.
    boolean transactions = settings.processingGuarantee().equals("exactly_once_v2");
    p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), transactions ? 20 : 5);
  }
}
