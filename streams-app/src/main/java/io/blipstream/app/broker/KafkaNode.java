package io.blipstream.app.broker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.KRaftVersion;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Broker and controller of one Kafka node, as Kafka's own {@link KafkaRaftServer} puts them
 * together, but without its fault KAFKA-20734, by which transactions stay open for good.
 *
 * <p>When a transaction ends, its coordinator asks the metadata for the leader of each partition to
 * tell. Kafka 4.3 takes a partition without a leader for one whose topic was deleted, tells nobody
 * and calls the transaction complete. The partitions of a lone node have no leader whenever it
 * stops or starts: what was committed in such a moment was never told to the partitions, and
 * whoever reads committed records or the group's offsets waits there for ever. Here a partition
 * that exists is told once it has a leader, as was Kafka's way before.
 */
final class KafkaNode {

  private final BrokerServer broker;
  private final ControllerServer controller;

  /**
   * @param config of a node that is both broker and controller; its folders are formatted
   */
  KafkaNode(KafkaConfig config) {
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> folders =
        KafkaRaftServer.initializeLogDirs(
            config, LoggerFactory.getLogger(KafkaNode.class), "[node " + config.nodeId() + "] ");
    MetaPropertiesEnsemble properties = folders._1();
    QuorumConfig quorum = config.quorumConfig();
    SharedServer shared =
        new SharedServer(
            config,
            properties,
            Time.SYSTEM,
            Server.initializeMetrics(config, Time.SYSTEM, properties.clusterId().orElseThrow()),
            CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
            List.of(),
            new StandardFaultHandlerFactory(),
            ServerSocketFactory.INSTANCE);
    broker = new Broker(shared);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), folders._2());
  }

  /** Returns when it takes requests. */
  void startup() {
    controller.startup();
    broker.startup();
  }

  /** Stops it in an orderly way; returns when it has. */
  void shutdown() {
    broker.shutdown();
    controller.shutdown();
    broker.awaitShutdown();
    controller.awaitShutdown();
  }

  /** Kafka's broker, but for the metadata that it makes for itself when it starts. */
  private static final class Broker extends BrokerServer {

    Broker(SharedServer shared) {
      super(shared);
    }

    @Override
    public void metadataCache_$eq(KRaftMetadataCache cache) {
      super.metadataCache_$eq(
          new Metadata(
              config().nodeId(), () -> sharedServer().raftManager().client().kraftVersion()));
    }
  }

  /** Kafka's metadata, which tell a partition without a leader from one that does not exist. */
  static final class Metadata extends KRaftMetadataCache {

    Metadata(int node, Supplier<KRaftVersion> version) {
      super(node, version);
    }

    /** Empty only if there is no such partition; {@link Node#noNode()} if nobody leads it. */
    @Override
    public Optional<Node> getPartitionLeaderEndpoint(
        String topic, int partition, ListenerName listener) {
      return super.getPartitionLeaderEndpoint(topic, partition, listener)
          .or(
              () ->
                  contains(new TopicPartition(topic, partition))
                      ? Optional.of(Node.noNode())
                      : Optional.empty());
    }
  }
}
