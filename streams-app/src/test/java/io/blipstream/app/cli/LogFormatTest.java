package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(180)
class LogFormatTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the process would write to standard error; the console's appender looks it up anew. */
  private static List<String> standardError(Runnable work) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void shouldSayAsJsonWhyACommandFailed() throws Exception {
    List<Shell.Result> results = new ArrayList<>();
    List<String> lines =
        standardError(
            () ->
                results.add(
                    Shell.withoutKafka(Map.of("BLIPSTREAM_LOG_FORMAT", "json"))
                        .run("tail", "images")));
    assertThat(results.get(0).status()).isEqualTo(3);
    assertThat(results.get(0).err()).as("all of it is logged").isEmpty();
    assertThat(lines).hasSize(1);
    JsonNode line = JSON.readTree(lines.get(0));
    assertThat(line.get("log.level").asText()).isEqualTo("ERROR");
    assertThat(line.get("message").asText()).contains("127.0.0.1:1").doesNotStartWith("blipstream");
    assertThat(line.get("@timestamp").asText()).endsWith("Z");
  }

  @Test
  void shouldSpeakPlainlyAgainAfterwardsAndByDefault() {
    Shell shell = Shell.withoutKafka(Map.of());
    List<String> ignored = standardError(() -> shell.run("tail", "images", "--log-format=json"));
    Shell.Result plain = shell.run("tail", "images");
    assertThat(plain.err()).startsWith("blipstream: ").doesNotContain("{");
    assertThat(ignored).isNotEmpty();
  }

  @Test
  void shouldKeepOneEventOnOneLineWithItsFailureAndItsTrace() throws Exception {
    JsonLogEncoder encoder = new JsonLogEncoder();
    var logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("a.logger");
    LoggingEvent event =
        new LoggingEvent(
            "caller",
            logger,
            Level.WARN,
            "two\n\"lines\" of {}",
            new IllegalStateException("no\nway"),
            new Object[] {"text"});
    event.setMDCPropertyMap(Map.of("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"));
    String text = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertThat(text).endsWith("\n").hasLineCount(1);
    JsonNode json = JSON.readTree(text);
    assertThat(json.get("message").asText()).isEqualTo("two\n\"lines\" of text");
    assertThat(json.get("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(json.get("error.stack_trace").asText()).contains("LogFormatTest");
    assertThat(json.get("trace_id").asText()).startsWith("4bf92f");
  }

  @Test
  void shouldNeverShowTheWebToken() {
    String token = "a-secret-of-16-characters";
    Shell shell = Shell.withoutKafka(Map.of("BLIPSTREAM_WEB_TOKEN", token));
    assertThat(shell.run("run", "--help").out()).contains("--web-token").doesNotContain(token);
    for (String[] wrong :
        new String[][] {
          {"run", "--web-port", "none"},
          {"run", "--web-port", "99999"},
          {"run", "--web-port=0"},
          {"run", "--web-port=0", "--web-host=0.0.0.0", "-v"}
        }) {
      Shell.Result result = shell.run(wrong);
      assertThat(result.status()).isIn(2, 3);
      assertThat(result.err() + result.out()).doesNotContain(token);
    }
    assertThat(new Shell(Map.of("BLIPSTREAM_WEB_TOKEN", "short")).run("run", "--web-port=0").err())
        .contains("at least 16")
        .doesNotContain("short");
  }

  @Test
  void shouldNotListenToOtherMachinesUnguarded() {
    Shell.Result result = new Shell().run("run", "--web-port=0", "--web-host=0.0.0.0");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("--web-token").contains("--web-open");
  }
}
