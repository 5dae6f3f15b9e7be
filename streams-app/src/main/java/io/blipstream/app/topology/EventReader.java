package io.blipstream.app.topology;

import io.blipstream.app.inflight.InFlight;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.serde.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the image event out of a record's bytes and checks that it can be worked on. */
final class EventReader {

  /**
   * An event and its image.
   *
   * @param event without its content, which waits in memory no longer than needed
   * @param content the encoded image; empty if the event links to it
   */
  record ReadEvent(ImageEvent event, Optional<byte[]> content) {

    /** Checked apart from reading, so that the reject can name the event. */
    void requireOneImage() throws RefusedException {
      boolean links = event.getUri() != null && !event.getUri().isBlank();
      if (content.isEmpty() && !links) {
        throw refused("NO_IMAGE", "The event has neither content nor uri; give one of them.");
      }
      if (content.isPresent() && links) {
        throw refused("AMBIGUOUS_IMAGE", "The event has both content and uri; give one of them.");
      }
    }
  }

  /** Ids are Kafka keys of every outcome and seed sampling; longer ones are surely a mistake. */
  static final int MAX_ID_CHARS = 1024;

  private final Deserializer<ImageEvent> deserializer;

  EventReader(Deserializer<ImageEvent> deserializer) {
    this.deserializer = deserializer;
  }

  /**
   * @throws RefusedException if the record will never be a readable event
   * @throws RuntimeException that {@link Failures#mayPass} if the registry could not be asked
   */
  ReadEvent read(InFlight<?> record) throws RefusedException {
    byte[] value =
        record
            .value()
            .orElseThrow(
                () -> refused("NULL_VALUE", "The record has no value; send an ImageEvent."));
    ImageEvent event = decode(record, value);
    if (event.getId().isBlank()) {
      throw refused("BLANK_ID", "The event's id is blank; give every image an id of its own.");
    }
    if (event.getId().length() > MAX_ID_CHARS) {
      throw refused(
          "ID_TOO_LONG",
          "The event's id has "
              + event.getId().length()
              + " characters; at most "
              + MAX_ID_CHARS
              + " are allowed.");
    }
    return apart(event);
  }

  private static ReadEvent apart(ImageEvent event) {
    Optional<byte[]> content = Optional.ofNullable(event.getContent()).map(EventReader::bytes);
    ImageEvent rest =
        new ImageEvent(
            event.getId(),
            null,
            event.getUri(),
            event.getMediaType(),
            event.getWebText(),
            event.getEventTime(),
            event.getAttributes());
    return new ReadEvent(rest, content);
  }

  /** The buffer's own array where it holds nothing else: nobody but us has the event. */
  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer.hasArray()
        && buffer.arrayOffset() == 0
        && buffer.array().length == buffer.remaining()) {
      return buffer.array();
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private ImageEvent decode(InFlight<?> record, byte[] value) throws RefusedException {
    ImageEvent event;
    try {
      event = deserializer.deserialize(record.partition().topic(), record.headers(), value);
    } catch (UnreadableRecordException e) {
      throw refused(e.reason().name(), Failures.words(e));
    } catch (SerializationException e) {
      if (Failures.mayPass(e)) {
        throw e;
      }
      throw refused("NOT_AVRO", Failures.words(e));
    }
    if (event == null) {
      throw refused("NULL_VALUE", "The record's value stands for no event; send an ImageEvent.");
    }
    return event;
  }

  private static RefusedException refused(String reason, String message) {
    return new RefusedException(RejectStage.RECORD, reason, message);
  }
}
