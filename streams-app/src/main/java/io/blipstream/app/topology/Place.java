package io.blipstream.app.topology;

import io.blipstream.app.inflight.InFlight;

/** Where an input record lies in Kafka. */
public record Place(String topic, int partition, long offset) {

  static Place of(InFlight<?> record) {
    return new Place(record.partition().topic(), record.partition().partition(), record.offset());
  }
}
