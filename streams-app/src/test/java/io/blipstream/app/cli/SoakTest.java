package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.cli.soak.Guarantee;
import io.blipstream.app.cli.soak.Protocol;
import io.blipstream.app.cli.soak.SoakPlan;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short soak: three streams over one broker, whose processes are killed, stopped and frozen,
 * and the same without held offsets, which must lose images.
 */
@Tag("slow")
@Timeout(900)
class SoakTest {

  /** Meets every kind of disturbance in the first minute and a half, most of them several times. */
  private static final String SEED = "6";

  @Test
  void shouldKeepEveryPromiseWhateverBreaks() throws Exception {
    Shell.Result result =
        new Shell()
            .run(
                "soak",
                "--minutes=1.5",
                "--seed=" + SEED,
                "--guarantee=exactly-once,at-least-once",
                "--protocol=classic,streams",
                "--rate=45");
    assertThat(result.status()).as(result.err() + result.out()).isZero();
    JsonNode summary = new ObjectMapper().readTree(result.out());
    assertThat(summary.get("streams")).hasSize(3);
    assertThat(summary.get("inputs").asLong()).isGreaterThan(5_000);
    assertThat(summary.get("outcomes").asLong())
        .isGreaterThanOrEqualTo(summary.get("inputs").asLong());
    assertThat(summary.get("lost").asLong()).isZero();
    assertThat(summary.get("conservation").asBoolean()).isTrue();
    for (String kind : List.of("kill", "terminate", "freeze", "killAll", "brokerRestart")) {
      assertThat(summary.get("disturbances").get(kind).asInt()).as(kind).isPositive();
    }
  }

  @Test
  void shouldSeeTheLossesOfAServiceThatHoldsNoOffsets(@TempDir Path folder) throws Exception {
    SoakPlan plan =
        new SoakPlan(
            // Kills all after 11 s, and one of the two after 23 s.
            29,
            Duration.ofSeconds(28),
            List.of(new SoakPlan.StreamKind(Guarantee.EXACTLY_ONCE, Protocol.CLASSIC)),
            2,
            6,
            // More than it keeps up with: many are in flight whenever that is.
            400,
            Duration.ofSeconds(6),
            false,
            List.of());
    StringWriter said = new StringWriter();
    try (UntilStopped stop = new UntilStopped()) {
      JsonNode summary =
          new SoakRun(plan, UnheldMain.class.getName(), folder, new PrintWriter(said), stop).run();
      assertThat(summary.get("lost").asLong()).as(said + " " + summary).isPositive();
      assertThat(summary.get("allKept").asBoolean()).isFalse();
      assertThat(summary.get("notCommitted").asLong()).as(said + " " + summary).isZero();
    }
  }
}
