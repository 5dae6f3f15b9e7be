package io.blipstream.app.replay;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * What a replayed event says of itself. As all headers, these pass into every outcome of the event,
 * so that a reject tells how often its event was sent back already.
 */
public final class ReplayHeaders {

  /** How often the event was sent back, as decimal text, this time included. */
  public static final String ATTEMPT = "blipstream-attempt";

  /** Where the event stood before, as in {@code images-3@42}. */
  public static final String REPLAY_OF = "blipstream-replay-of";

  private ReplayHeaders() {}

  /** How often the event was sent back so far; 0 if it says nothing that can be read. */
  static int attempts(Headers headers) {
    Header header = headers.lastHeader(ATTEMPT);
    if (header == null || header.value() == null) {
      return 0;
    }
    try {
      return Math.max(
          0, Integer.parseInt(new String(header.value(), StandardCharsets.UTF_8).strip()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The event's own headers, and these two renewed. */
  static Headers next(Headers own, TopicPartition partition, long offset) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : own) {
      if (!header.key().equals(ATTEMPT) && !header.key().equals(REPLAY_OF)) {
        headers.add(header);
      }
    }
    headers.add(ATTEMPT, utf8(Integer.toString(attempts(own) + 1)));
    headers.add(REPLAY_OF, utf8(partition + "@" + offset));
    return headers;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
