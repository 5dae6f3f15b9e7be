package io.blipstream.app.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * One Kafka node, broker and KRaft controller in one, in this JVM and on loopback only.
 *
 * <p>The folder holds everything: a broker started again on the same folder, also after a kill, has
 * the same topics, records and committed offsets. The ports may differ from one start to the next.
 * A folder serves one broker at a time, which a lock file ensures.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int NODE_ID = 1;

  private final KafkaNode node;
  private final FolderLock lock;
  private final int port;

  private EmbeddedBroker(KafkaNode node, FolderLock lock, int port) {
    this.node = node;
    this.lock = lock;
    this.port = port;
  }

  /**
   * Starts a broker and returns when it takes requests.
   *
   * @param folder where its data lie; made and formatted when it does not exist
   * @param port where it listens on loopback; 0 for any free port
   * @throws IOException if the folder or the port is in use, or the broker does not come up
   */
  public static EmbeddedBroker start(Path folder, int port) throws IOException {
    return start(folder, port, settings -> {});
  }

  /**
   * The same with a broker that differs.
   *
   * @param change to Kafka's settings of it
   */
  static EmbeddedBroker start(Path folder, int port, Consumer<Map<String, Object>> change)
      throws IOException {
    requireWritable(folder);
    FolderLock lock = FolderLock.acquire(folder);
    try {
      int brokerPort = port == 0 ? freePort() : requireFree(port);
      Map<String, Object> settings = settings(folder, brokerPort, freePort());
      change.accept(settings);
      KafkaConfig config = new KafkaConfig(settings, false);
      if (!Files.exists(folder.resolve("meta.properties"))) {
        format(folder);
      }
      KafkaNode node = new KafkaNode(config);
      node.startup();
      return new EmbeddedBroker(node, lock, brokerPort);
    } catch (Throwable failure) {
      lock.close();
      if (failure instanceof IOException || failure instanceof Error) {
        throw failure;
      }
      throw new IOException(
          "The embedded broker did not start on %s: %s".formatted(folder, failure.getMessage()),
          failure);
    }
  }

  /** Makes the folder; what the file system says of itself is often no more than a path. */
  private static void requireWritable(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new AccessDeniedException(folder.toString());
      }
    } catch (IOException e) {
      throw new IOException(
          "The folder %s for Kafka's data cannot be made or written (%s); choose another or change its permissions."
              .formatted(folder, e.getClass().getSimpleName()),
          e);
    }
  }

  /** Host and port for {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return LOOPBACK + ":" + port;
  }

  /** Stops the broker in an orderly way; returns when its folder may be used again. */
  @Override
  public void close() {
    try {
      node.shutdown();
    } finally {
      lock.close();
    }
  }

  private static Map<String, Object> settings(Path folder, int port, int controllerPort) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("log.dirs", folder.toString());
    settings.put("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(LOOPBACK, port, LOOPBACK, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(LOOPBACK, port));
    for (String replicas :
        List.of(
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr",
            "min.insync.replicas")) {
      settings.put(replicas, "1");
    }
    // The defaults of 50 partitions each cost seconds of start-up and hundreds of open files.
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    // A consumer that starts here is alone: there is nobody to wait for.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.streams.initial.rebalance.delay.ms", "0");
    settings.put("auto.create.topics.enable", "false");
    settings.put("message.max.bytes", Integer.toString(TopicSpec.REJECT_BYTES));
    settings.put("replica.fetch.max.bytes", Integer.toString(TopicSpec.REJECT_BYTES));
    // Groups of the streams protocol may ask for sessions as short as those of the classic one.
    settings.put("group.streams.min.session.timeout.ms", "6000");
    settings.put("group.streams.min.heartbeat.interval.ms", "1000");
    // How often the broker looks for transactions that have timed out: until it has aborted what a
    // killed instance left open, neither its successor nor readers of committed records go on.
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // After a kill the old incarnation's session must end before the node may register again: that
    // wait is the restart time. Shorter, and a busy machine loses its own heartbeats.
    settings.put("broker.session.timeout.ms", "6000");
    settings.put("broker.heartbeat.interval.ms", "1000");
    return settings;
  }

  private static void format(Path folder) throws IOException {
    Formatter formatter =
        new Formatter()
            .setNodeId(NODE_ID)
            .setClusterId(Uuid.randomUuid().toString())
            .addDirectory(folder.toString())
            .setMetadataLogDirectory(folder.toString())
            .setControllerListenerName("CONTROLLER")
            .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      formatter.run();
    } catch (Exception e) {
      throw new IOException(
          "Could not prepare %s for the embedded broker: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    }
  }

  private static int requireFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
      return port;
    } catch (IOException e) {
      throw new IOException(
          "Port %d is in use on %s; stop what listens there or choose another port."
              .formatted(port, LOOPBACK),
          e);
    }
  }

  /** The IPv4 loopback: the JVM's own idea of loopback may be IPv6, where Kafka does not listen. */
  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
