package io.blipstream.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that compute until they are done, ended by a signal before. */
@Timeout(240)
class CutOffTest {

  @TempDir private Path folder;

  private Process start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  @Test
  void shouldCloseWhatIsOpenBeforeAnyHookRuns() throws Exception {
    Process process = start(Computing.class);
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).isEqualTo("open");
      process.toHandle().destroy(); // SIGTERM; the process's own would close what it says
      assertThat(out.lines()).containsExactly("closed", "a hook runs");
      assertThat(process.waitFor()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldGiveTheCommandsOwnStatusAndFailureUnlessSignalled() {
    assertThat(ModelRuns.endedAtExit(() -> 5)).isEqualTo(5);
    assertThatThrownBy(
            () ->
                ModelRuns.endedAtExit(
                    () -> {
                      throw new IOException("its own");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("its own");
    assertThat(Thread.interrupted()).as("nobody is interrupted").isFalse();
  }

  /** Unlike a model that judges, the trainer does not look for itself. */
  @Test
  @Tag("slow")
  void shouldCloseTheFilesOfATraining() throws Exception {
    Path to = folder.resolve("model");
    Process training =
        start(
            Main.class,
            "model",
            "train",
            "--to=" + to,
            "--batch=2",
            "--save-every=" + Long.MAX_VALUE);
    try (BufferedReader out = training.inputReader(UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.contains("itc")) {
        line = out.readLine();
      }
      assertThat(line).as("it has made an update").isNotNull();
      training.toHandle().destroy();
      assertThat(out.lines()).noneMatch(said -> said.contains("cut off"));
      assertThat(training.waitFor()).isEqualTo(143);
    } finally {
      training.destroyForcibly();
    }
    assertThat(Files.readAllLines(to.resolve("loss-curve.csv"))).hasSizeGreaterThan(1);
  }

  @Test
  @Tag("slow")
  void shouldLeaveNoProcessAndNoFileOfABench() throws Exception {
    Process bench =
        start(Main.class, "bench", "model", "--size=tiny", "--stage=vision", "--seconds=600");
    List<ProcessHandle> cases;
    try {
      while (bench.children().findAny().isEmpty()) {
        assertThat(bench.isAlive()).isTrue();
        TimeUnit.MILLISECONDS.sleep(20);
      }
      cases = bench.children().toList();
      bench.toHandle().destroy();
      assertThat(bench.waitFor()).isEqualTo(143);
    } finally {
      bench.descendants().forEach(ProcessHandle::destroyForcibly);
      bench.destroyForcibly();
    }
    assertThat(cases).noneMatch(ProcessHandle::isAlive);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("blipstream")))
          .isEmpty();
    }
  }

  /** A command, as far as a signal matters to it. */
  static final class Computing {

    private Computing() {}

    public static void main(String[] arguments) throws InterruptedException {
      int status = ModelRuns.endedAtExit(Computing::compute);
      System.exit(status);
    }

    private static int compute() throws InterruptedException {
      Thread hook = new Thread(() -> System.out.println("a hook runs"));
      Runtime.getRuntime().addShutdownHook(hook);
      System.out.println("open");
      try {
        TimeUnit.HOURS.sleep(1);
      } finally {
        System.out.println("closed");
      }
      return 0;
    }
  }
}
