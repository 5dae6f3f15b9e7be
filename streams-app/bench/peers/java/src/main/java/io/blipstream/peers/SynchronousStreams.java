package io.blipstream.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Kafka Streams as one begins with it: the model is called in the processor, a record at a time.
 */
final class SynchronousStreams implements Peer {

  private final KafkaStreams streams;

  SynchronousStreams(String bootstrapServers, OneDevice device, Path state) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(IMAGES, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .mapValues(image -> device.captions(List.of(image)).get(0).getBytes(UTF_8))
        .to(CAPTIONS, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "application.id",
            "synchronous",
            "bootstrap.servers",
            bootstrapServers,
            "processing.guarantee",
            "exactly_once_v2",
            "auto.offset.reset",
            "earliest",
            "state.dir",
            state.toString()));
    streams = new KafkaStreams(builder.build(), settings);
    streams.start();
  }

  @Override
  public void close() {
    streams.close();
  }
}
