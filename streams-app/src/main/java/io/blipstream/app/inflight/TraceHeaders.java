package io.blipstream.app.inflight;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** How OpenTelemetry reads the headers of a Kafka record; of several of one name, the last. */
enum TraceHeaders implements TextMapGetter<Headers> {
  GETTER;

  @Override
  public Iterable<String> keys(Headers headers) {
    return Arrays.stream(headers.toArray()).map(Header::key).toList();
  }

  private static final List<String> TRACE_CONTEXT = List.of("traceparent", "tracestate");

  /** So long a tracestate must be passed on, by W3C Trace Context. */
  private static final int LONGEST = 512;

  /** A record's W3C trace context without its other headers, and short whatever they are. */
  static Headers alone(Headers headers) {
    Headers alone = new RecordHeaders();
    for (String name : TRACE_CONTEXT) {
      Header header = headers.lastHeader(name);
      if (header != null && header.value() != null && header.value().length <= LONGEST) {
        alone.add(header);
      }
    }
    return alone;
  }

  /** Null where there is none, as the interface has it. */
  @Override
  public String get(Headers headers, String key) {
    Header header = headers == null ? null : headers.lastHeader(key);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
