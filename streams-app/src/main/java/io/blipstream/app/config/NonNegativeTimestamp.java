package io.blipstream.app.config;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's own timestamp, or the partition's latest, or 0. Kafka Streams drops a record with a
 * negative timestamp without a word, and its default extractor stops the service instead; here
 * every record must get its outcome.
 */
public final class NonNegativeTimestamp implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTime);
  }
}
