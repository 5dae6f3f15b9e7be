package io.blipstream.app.replay;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** A set of places in Kafka, at about a bit each where they lie close together. */
final class Places {

  private static final int CHUNK_BITS = 16;

  private record Chunk(TopicPartition partition, long number) {}

  private final Map<Chunk, BitSet> chunks = new HashMap<>();

  void add(TopicPartition partition, long offset) {
    chunks
        .computeIfAbsent(new Chunk(partition, offset >> CHUNK_BITS), chunk -> new BitSet())
        .set(within(offset));
  }

  boolean contains(TopicPartition partition, long offset) {
    BitSet chunk = chunks.get(new Chunk(partition, offset >> CHUNK_BITS));
    return chunk != null && chunk.get(within(offset));
  }

  private static int within(long offset) {
    return (int) (offset & ((1 << CHUNK_BITS) - 1));
  }
}
