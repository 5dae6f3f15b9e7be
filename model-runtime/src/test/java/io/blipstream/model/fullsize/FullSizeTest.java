package io.blipstream.model.fullsize;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.train.UntrainedModel;
import io.blipstream.model.train.UntrainedModel.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base or large, as {@code -Dblipstream.fullSize=base} asks; needs some GB on the disk of {@code
 * java.io.tmpdir} and of memory, and some minutes. Prints seconds and peak memory, of the first
 * use, which prepares the graphs of an engine that has such, and of the next.
 */
@EnabledIfSystemProperty(named = "blipstream.fullSize", matches = "base|large")
class FullSizeTest {

  @TempDir static Path folder;

  private final String size = System.getProperty("blipstream.fullSize");

  @Test
  void shouldCaptionAndScoreWithAnEncoderEachOrWithOneForBoth() throws Exception {
    UntrainedModel model = UntrainedModel.ofSize(Size.valueOf(size.toUpperCase(Locale.ROOT)));
    Path captioner = folder.resolve("captioner");
    Path filter = folder.resolve("filter");
    model.writeCaptioner(captioner);

    model.writeFilter(filter, false);
    assertThat(run("different vision weights, first use", captioner, filter)).contains("encoded 2");
    assertThat(run("different vision weights", captioner, filter)).contains("encoded 2");

    model.writeFilter(filter, true);
    assertThat(run("same vision weights, filter's first use", captioner, filter))
        .contains("encoded 1");
    assertThat(run("same vision weights", captioner, filter)).contains("encoded 1");
  }

  private List<String> run(String what, Path captioner, Path filter)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-cp",
                System.getProperty("java.class.path"),
                FullSizeRun.class.getName(),
                captioner.toString(),
                filter.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    List<String> lines = Files.readAllLines(output);
    System.out.println(size + ", " + what + ":");
    lines.forEach(System.out::println);
    assertThat(status).isZero();
    return lines;
  }
}
