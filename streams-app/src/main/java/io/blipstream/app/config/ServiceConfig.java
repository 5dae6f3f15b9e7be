package io.blipstream.app.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.ValidString.in;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The keys of the service's settings: name, default, bounds and documentation of each, once. */
public final class ServiceConfig {

  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  public static final String APPLICATION_ID = "application.id";
  public static final String TOPIC_IMAGES = "topic.images";
  public static final String TOPIC_CAPTIONS = "topic.captions";
  public static final String TOPIC_ITM_CONFIDENCE = "topic.itm.confidence";
  public static final String TOPIC_REJECTS = "topic.rejects";
  public static final String THRESHOLD = "threshold";
  public static final String BATCH_SIZE = "batch.size";
  public static final String BATCH_BYTES = "batch.bytes";
  public static final String BATCH_LINGER_MS = "batch.linger.ms";
  public static final String BATCH_QUEUE_BYTES = "batch.queue.bytes";
  public static final String DEVICE_TIMEOUT_MS = "device.timeout.ms";
  public static final String DEVICE_GIVE_UP_MS = "device.give.up.ms";
  public static final String WINDOW_RECORDS = "window.records";
  public static final String WINDOW_BYTES = "window.bytes";
  public static final String WINDOW_BLOCK_MS = "window.block.ms";
  public static final String FETCH_THREADS = "fetch.threads";
  public static final String FETCH_PER_HOST = "fetch.per.host";
  public static final String FETCH_TIMEOUT_MS = "fetch.timeout.ms";
  public static final String FETCH_CONNECT_TIMEOUT_MS = "fetch.connect.timeout.ms";
  public static final String DECODE_THREADS = "decode.threads";
  public static final String OUTPUT_MAX_BYTES = "output.max.bytes";
  public static final String STREAM_THREADS = "stream.threads";
  public static final String PROCESSING_GUARANTEE = "processing.guarantee";
  public static final String GROUP_PROTOCOL = "group.protocol";
  public static final String TRANSACTION_TIMEOUT_MS = "transaction.timeout.ms";
  public static final String STATE_DIR = "state.dir";

  /** Kafka's default for {@code max.message.bytes} is 1,048,588; this leaves room for framing. */
  private static final int DEFAULT_OUTPUT_MAX_BYTES = 1_000_000;

  private static final int MIB = 1 << 20;

  private ServiceConfig() {}

  /** The definition that settings are parsed with and that documentation is generated from. */
  public static ConfigDef definition() {
    ConfigDef definition = new ConfigDef();
    kafka(definition);
    judging(definition);
    bounds(definition);
    return definition;
  }

  private static void kafka(ConfigDef def) {
    def.define(
            BOOTSTRAP_SERVERS,
            ConfigDef.Type.STRING,
            "localhost:9092",
            ConfigDef.Importance.HIGH,
            "Addresses of Kafka brokers, host:port, separated by commas.")
        .define(
            APPLICATION_ID,
            ConfigDef.Type.STRING,
            "blipstream",
            new ConfigDef.NonEmptyString(),
            ConfigDef.Importance.HIGH,
            "Name of the group that shares the work. Instances with the same name divide the"
                + " partitions between them; a new name starts from the earliest image.")
        .define(
            TOPIC_IMAGES,
            ConfigDef.Type.STRING,
            TopicNames.DEFAULT.images(),
            ConfigDef.Importance.HIGH,
            "Topic that image events are read from.")
        .define(
            TOPIC_CAPTIONS,
            ConfigDef.Type.STRING,
            TopicNames.DEFAULT.captions(),
            ConfigDef.Importance.HIGH,
            "Topic that accepted texts are written to.")
        .define(
            TOPIC_ITM_CONFIDENCE,
            ConfigDef.Type.STRING,
            TopicNames.DEFAULT.itmConfidence(),
            ConfigDef.Importance.HIGH,
            "Topic that gets one record for every judged image, with the scores of its texts.")
        .define(
            TOPIC_REJECTS,
            ConfigDef.Type.STRING,
            TopicNames.DEFAULT.rejects(),
            ConfigDef.Importance.HIGH,
            "Topic for texts that were filtered out and for images that could not be judged.")
        .define(
            PROCESSING_GUARANTEE,
            ConfigDef.Type.STRING,
            "exactly_once_v2",
            in("exactly_once_v2", "at_least_once"),
            ConfigDef.Importance.HIGH,
            "exactly_once_v2 writes every outcome once, seen by read_committed consumers;"
                + " at_least_once may repeat outcomes after a failure.")
        .define(
            GROUP_PROTOCOL,
            ConfigDef.Type.STRING,
            "classic",
            in("classic", "streams"),
            ConfigDef.Importance.MEDIUM,
            "How instances divide the partitions. streams (KIP-1071) needs exactly_once_v2 here.")
        .define(
            TRANSACTION_TIMEOUT_MS,
            ConfigDef.Type.INT,
            30_000,
            atLeast(1_000),
            ConfigDef.Importance.MEDIUM,
            "After this time the broker aborts a transaction whose owner fell silent, in"
                + " milliseconds. Longer tolerates longer stalls; shorter lets its successor and"
                + " read_committed consumers go on sooner after a crash.")
        .define(
            STREAM_THREADS,
            ConfigDef.Type.INT,
            2,
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "Threads that read and write Kafka. More than partitions is of no use.")
        .define(
            STATE_DIR,
            ConfigDef.Type.STRING,
            "",
            ConfigDef.Importance.LOW,
            "Folder of Kafka Streams; nothing in it is needed after a restart. Empty: a folder"
                + " below the system's temporary one.");
  }

  private static void judging(ConfigDef def) {
    def.define(
            THRESHOLD,
            ConfigDef.Type.DOUBLE,
            0.5,
            between(0, 1),
            ConfigDef.Importance.HIGH,
            "Match probability (ITM) from which a text is accepted, 0 to 1.")
        .define(
            BATCH_SIZE,
            ConfigDef.Type.INT,
            16,
            atLeast(1),
            ConfigDef.Importance.HIGH,
            "Most images that the model works at together: a batch, or on a CPU one for each core.")
        .define(
            BATCH_BYTES,
            ConfigDef.Type.LONG,
            64L * MIB,
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "Most bytes of prepared images that the model works at together; a larger image goes alone.")
        .define(
            BATCH_LINGER_MS,
            ConfigDef.Type.LONG,
            0L,
            between(0, 10_000),
            ConfigDef.Importance.LOW,
            "How long an idle model waits for more images before it starts a batch, in"
                + " milliseconds. 0 starts at once; under load batches fill by themselves.")
        .define(
            BATCH_QUEUE_BYTES,
            ConfigDef.Type.LONG,
            128L * MIB,
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "Bytes of prepared images that may wait for the model; decoding pauses beyond.")
        .define(
            DEVICE_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            300_000L,
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "After this time at one batch the model counts as hanging, in milliseconds: health turns"
                + " red, its images wait uncommitted, and all goes on if it returns. Must be above"
                + " the longest batch; it has nothing to do with transaction.timeout.ms, since no"
                + " transaction waits for the model.")
        .define(
            DEVICE_GIVE_UP_MS,
            ConfigDef.Type.LONG,
            600_000L,
            atLeast(-1),
            ConfigDef.Importance.MEDIUM,
            "How long the model may hang, or fail on what it is known to be able to judge, before the"
                + " service exits with an error, in milliseconds; nothing is lost. -1: for ever.");
  }

  private static void bounds(ConfigDef def) {
    def.define(
            WINDOW_RECORDS,
            ConfigDef.Type.INT,
            -1,
            atLeast(-1),
            ConfigDef.Importance.MEDIUM,
            "Images in flight per partition; at least twice the batch size, or the model starves."
                + " -1: four times the batch size.")
        .define(
            WINDOW_BYTES,
            ConfigDef.Type.LONG,
            128L * MIB,
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "Bytes of image events that this process has read and not answered, shared evenly by its"
                + " partitions and its threads; each partition may hold one record in any case, and"
                + " half as much again may have been fetched ahead. A quarter of the heap suits. With"
                + " group.protocol=streams it bounds only what is in flight.")
        .define(
            WINDOW_BLOCK_MS,
            ConfigDef.Type.LONG,
            -1L,
            atLeast(-1),
            ConfigDef.Importance.LOW,
            "How long a stream thread waits for room between commits, in milliseconds, before it"
                + " takes a record beyond the bounds. -1: a quarter of transaction.timeout.ms. At"
                + " most half of it. Once it has outcomes to commit, commit.interval.ms if that is"
                + " less.")
        .define(
            FETCH_THREADS,
            ConfigDef.Type.INT,
            16,
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "Image links read at the same time; each may hold one image in memory.")
        .define(
            FETCH_PER_HOST,
            ConfigDef.Type.INT,
            -1,
            ConfigDef.LambdaValidator.with(
                (name, value) -> {
                  if ((int) value == 0 || (int) value < -1) {
                    throw new ConfigException(name, value, "Value must be at least 1, or -1");
                  }
                },
                () -> "-1 or at least 1"),
            ConfigDef.Importance.MEDIUM,
            "Image links of one host read at the same time; the others wait for their turn. -1:"
                + " half of fetch.threads, so that a host that does not answer leaves threads to"
                + " others.")
        .define(
            FETCH_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            30_000L,
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "After this time an image link is given up and the image rejected, in milliseconds;"
                + " redirects and retries included. Images leave in order: the others of the"
                + " partition wait for it.")
        .define(
            FETCH_CONNECT_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            5_000L,
            atLeast(1),
            ConfigDef.Importance.LOW,
            "How long one address of an image's host may take to accept a connection, in"
                + " milliseconds.")
        .define(
            DECODE_THREADS,
            ConfigDef.Type.INT,
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            atLeast(1),
            ConfigDef.Importance.MEDIUM,
            "Threads that decode and resize images. Default: half of the processors.")
        .define(
            OUTPUT_MAX_BYTES,
            ConfigDef.Type.INT,
            DEFAULT_OUTPUT_MAX_BYTES,
            between(16_384, 1 << 30),
            ConfigDef.Importance.MEDIUM,
            "Largest record that is written; not above max.message.bytes of the output topics. Raw"
                + " bytes in a reject are cut to fit.");
  }
}
