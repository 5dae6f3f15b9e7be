package io.blipstream.app.topology;

import io.blipstream.app.config.TopicNames;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The map of the stream: a source of bytes, the CapFilt processor directly behind it, three sinks.
 *
 * <p>Nothing may come between source and processor, and nothing may leave but through it: a store,
 * a sink or a deserializer before the window would act on records that are read again after a
 * crash.
 */
public final class BlipstreamTopology {

  private BlipstreamTopology() {}

  static Topology build(
      TopicNames topics, ProcessorSupplier<byte[], byte[], byte[], byte[]> capFilt) {
    ByteArrayDeserializer read = new ByteArrayDeserializer();
    ByteArraySerializer write = new ByteArraySerializer();
    return new Topology()
        .addSource(Nodes.SOURCE, read, read, topics.images())
        .addProcessor(Nodes.CAPFILT, capFilt, Nodes.SOURCE)
        .addSink(Nodes.CAPTIONS, topics.captions(), write, write, Nodes.CAPFILT)
        .addSink(Nodes.ITM_CONFIDENCE, topics.itmConfidence(), write, write, Nodes.CAPFILT)
        .addSink(Nodes.REJECTS, topics.rejects(), write, write, Nodes.CAPFILT);
  }

  /** The topology as Kafka Streams describes it; needs neither a model nor a broker. */
  public static TopologyDescription describe(TopicNames topics) {
    return build(topics, Nothing::new).describe();
  }

  /** Stands in for the processor where only the map is wanted. */
  private static final class Nothing implements Processor<byte[], byte[], byte[], byte[]> {
    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {}

    @Override
    public void process(Record<byte[], byte[]> record) {
      throw new IllegalStateException("This topology is for describing only");
    }
  }
}
