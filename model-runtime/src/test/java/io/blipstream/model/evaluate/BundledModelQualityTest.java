package io.blipstream.model.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.BundledModel;
import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.CapFilts;
import io.blipstream.model.PreparationListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BundledModelQualityTest {

  /** Both checkpoints together, so that a clone stays small. */
  private static final long MOST_BYTES = 25_000_000;

  @Test
  void shouldCaptionAndFilterScenesItHasNotSeen() throws IOException {
    try (CapFilt capFilt = CapFilts.bundled(CapFiltOptions.defaults(), PreparationListener.NONE)) {
      SceneReport report = new SceneEvaluation(capFilt, 0.5).run(300, 4242, done -> {});

      assertThat(report.captionNamesRightThing()).isGreaterThanOrEqualTo(0.85);
      assertThat(report.itmAucRightAgainstWrong()).isGreaterThanOrEqualTo(0.95);
      assertThat(report.webVerdicts().accuracy()).isGreaterThanOrEqualTo(0.9);
    }
  }

  @Test
  void shouldStaySmall() throws IOException {
    BundledModel model = BundledModel.unpack();

    assertThat(bytes(model.captioner()) + bytes(model.filter())).isLessThan(MOST_BYTES);
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
