package io.blipstream.app.replay;

import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.Reject;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

/**
 * An event that was rejected, as its first reject tells of it.
 *
 * @param record the reject as it lies in Kafka; headers and timestamp are the event's own
 */
record RejectedEvent(ConsumerRecord<byte[], byte[]> record, Reject reject) {

  /** An event as it goes back. */
  @SuppressWarnings("ArrayRecordComponent") // sent at once, never compared
  record Original(Optional<byte[]> key, Optional<byte[]> value, long timestamp, Headers headers) {}

  TopicPartition partition() {
    Coordinates at = reject.getCoordinates();
    return new TopicPartition(at.getTopic(), at.getPartition());
  }

  long offset() {
    return reject.getCoordinates().getOffset();
  }

  int attempts() {
    return ReplayHeaders.attempts(record.headers());
  }

  boolean isSameEventAs(RejectedEvent other) {
    return reject.getCoordinates().equals(other.reject.getCoordinates());
  }

  /** The event out of the reject itself, if that carries all of its bytes. */
  Optional<Original> carried() {
    ByteBuffer value = reject.getRawValue();
    Integer size = reject.getRawValueSize();
    if (value == null || size == null || value.remaining() != size) {
      return Optional.empty();
    }
    return Optional.of(
        new Original(
            Optional.ofNullable(reject.getRawKey()).map(RejectedEvent::bytes),
            Optional.of(bytes(value)),
            record.timestamp(),
            record.headers()));
  }

  /**
   * The event out of the record at its coordinates.
   *
   * @return empty if that is another record: of a topic that was made anew under the same name
   */
  Optional<Original> out(ConsumerRecord<byte[], byte[]> there) {
    // The service writes outcomes with their input's timestamp. It cannot keep a negative one, and
    // a topic may be set to stamp by itself.
    boolean comparable =
        record.timestampType() == TimestampType.CREATE_TIME && there.timestamp() >= 0;
    if (comparable && there.timestamp() != record.timestamp()) {
      return Optional.empty();
    }
    return Optional.of(
        new Original(
            Optional.ofNullable(there.key()),
            Optional.ofNullable(there.value()),
            there.timestamp(),
            there.headers()));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
