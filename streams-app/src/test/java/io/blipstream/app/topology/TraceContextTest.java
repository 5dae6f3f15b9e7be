package io.blipstream.app.topology;

import static io.blipstream.app.topology.StreamFixture.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** W3C Trace Context and Baggage of an input are those of all its outputs, byte for byte. */
class TraceContextTest {

  private static Map<String, String> trace(String span) {
    return new TreeMap<>(
        Map.of(
            "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-" + span + "-01",
            "tracestate", "vendor=" + span,
            "baggage", "tenant=" + span));
  }

  private static Headers headers(Map<String, String> values) {
    RecordHeaders headers = new RecordHeaders();
    values.forEach((key, value) -> headers.add(key, value.getBytes(UTF_8)));
    return headers;
  }

  private static Map<String, String> of(TestRecord<String, ?> record) {
    Map<String, String> values = new TreeMap<>();
    for (Header header : record.headers()) {
      values.put(header.key(), new String(header.value(), UTF_8));
    }
    return values;
  }

  @Test
  void shouldPassFromEachInputToAllOfItsOutputs() throws Exception {
    try (var stream = new StreamFixture()) {
      byte[] judged =
          stream.serialized(
              event("judged", "IMG web=0.1;synthetic=0.9").setWebText("a dog").build());
      byte[] rejected = stream.serialized(event("rejected", "no image").build());
      stream.sendRaw("judged".getBytes(UTF_8), judged, headers(trace("00f067aa0ba902b7")));
      stream.sendRaw("rejected".getBytes(UTF_8), rejected, headers(trace("1111111111111111")));
      stream.sendRaw(
          "unreadable".getBytes(UTF_8), new byte[] {9}, headers(trace("2222222222222222")));
      stream.sendRaw("untraced".getBytes(UTF_8), judged, new RecordHeaders());
      var written = stream.results();

      assertThat(of(written.captions().get(0))).isEqualTo(trace("00f067aa0ba902b7"));
      assertThat(of(written.confidences().get(0))).isEqualTo(trace("00f067aa0ba902b7"));
      assertThat(written.rejects().stream().map(TraceContextTest::of))
          .containsExactly(
              trace("00f067aa0ba902b7"),
              trace("1111111111111111"),
              trace("2222222222222222"),
              Map.of());
      assertThat(of(written.captions().get(1))).as("nothing leaks from another").isEmpty();
    }
  }
}
