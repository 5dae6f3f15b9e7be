package io.blipstream.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.ModelDescription;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.UnreadableImageException;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class UntilStoppedTest {

  private final AtomicInteger loaded = new AtomicInteger();

  private CapFilt load() {
    loaded.incrementAndGet();
    return new FakeCapFilt(0);
  }

  @Test
  void shouldLeaveAModelAloneUnlessAsked() {
    try (UntilStopped stop = new UntilStopped()) {
      assertThat(stop.unlessAsked(this::load).get()).isInstanceOf(FakeCapFilt.class);
    }
  }

  @Test
  void shouldNotLoadAModelOnceAsked() {
    try (UntilStopped stop = new UntilStopped()) {
      stop.ask();
      assertThatThrownBy(stop.unlessAsked(this::load)::get)
          .isInstanceOfSatisfying(
              CommandFailure.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DONE))
          .hasMessageContaining("Stopped while it started");
      assertThat(loaded).hasValue(0);
    }
  }

  @Test
  void shouldCloseAModelThatWasLoadedMeanwhile() {
    AtomicInteger closed = new AtomicInteger();
    try (UntilStopped stop = new UntilStopped()) {
      assertThatThrownBy(
              stop.unlessAsked(
                      () -> {
                        stop.ask();
                        return new Closing(load(), closed::incrementAndGet);
                      })
                  ::get)
          .isInstanceOf(CommandFailure.class);
    }
    assertThat(closed).hasValue(1);
  }

  /** Hooks are what native libraries come with, and they free what is still in use. */
  @Test
  void shouldKeepTheJvmFromShuttingDownUntilAllIsTidied() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Waiting.class.getName())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).isEqualTo("waiting");
      process.toHandle().destroy(); // SIGTERM; the process's own would close what it says
      assertThat(out.lines()).containsExactly("a hook can be added", "tidied", "a hook runs");
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("its own status").isEqualTo(7);
    } finally {
      process.destroyForcibly();
    }
  }

  private record Closing(CapFilt model, Runnable whenClosed) implements CapFilt {

    @Override
    public PreparedImage prepare(byte[] encoded) throws UnreadableImageException {
      return model.prepare(encoded);
    }

    @Override
    public List<Judgement> judge(List<CapFiltInput> batch) {
      return model.judge(batch);
    }

    @Override
    public ModelDescription description() {
      return model.description();
    }

    @Override
    public void close() {
      whenClosed.run();
    }
  }

  /** A command, as far as a signal matters to it. */
  static final class Waiting {

    private Waiting() {}

    public static void main(String[] args) throws InterruptedException {
      try (UntilStopped stop = new UntilStopped()) {
        System.out.println("waiting");
        stop.await();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("a hook runs")));
        System.out.println("a hook can be added");
        System.out.println("tidied");
      }
      System.exit(7);
    }
  }
}
