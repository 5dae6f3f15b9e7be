package io.blipstream.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.blipstream.model.InferenceException;
import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.generate.CaptionGenerator;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.GeneratedText;
import io.blipstream.model.generate.Strategy;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What must hold between batches, rows and steps of a model, whatever its weights and engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BlipEngineContract {

  private static final float TOLERANCE = 1e-4f;
  private static final int BOS = RandomCheckpoint.TINY.text().bosTokenId();

  private Checkpoint captionerFiles;
  private Checkpoint filterFiles;
  private BlipEngine engine;
  private VisionModel vision;
  private CaptionModel captioner;
  private FilterModel filter;

  /** Starts the engine on the CPU, with so many threads. */
  protected abstract BlipEngine start(int threads);

  @BeforeAll
  void load(@TempDir Path folder) throws IOException {
    RandomCheckpoint.write(
        folder.resolve("captioner"), Architecture.CAPTIONER, RandomCheckpoint.TINY, 1, 2);
    RandomCheckpoint.write(
        folder.resolve("filter"), Architecture.FILTER, RandomCheckpoint.TINY, 1, 3);
    captionerFiles = Checkpoint.open(folder.resolve("captioner"));
    filterFiles = Checkpoint.open(folder.resolve("filter"));
    engine = start(2);
    vision = engine.vision(captionerFiles);
    captioner = engine.captioner(captionerFiles);
    filter = engine.filter(filterFiles);
  }

  @AfterAll
  void close() throws IOException {
    engine.close();
    captionerFiles.close();
    filterFiles.close();
  }

  @Test
  void shouldScoreSeveralTextsOfAnImageAsEachAlone() {
    // The first image's texts are of uneven lengths, so that padding takes part.
    List<long[]> texts =
        List.of(
            new long[] {1, 7, 9, 11, 13, 3},
            new long[] {1, 3},
            new long[] {1, 20, 3},
            new long[] {1, 30, 31, 32, 3},
            new long[] {1, 40, 3},
            new long[] {1, 7, 9, 3});
    try (EncodedImages images = vision.encode(pixels(5, 6))) {
      TokenBatch all = TokenBatch.of(texts, 0);
      FloatRows together = filter.score(images, all, all).matchLogits();
      FloatRows embeddings = filter.score(images, all, all).texts();
      for (int row = 0; row < texts.size(); row++) {
        TokenBatch alone = TokenBatch.of(List.of(texts.get(row)), 0);
        try (EncodedImages image = vision.encode(pixels(row < 3 ? 5 : 6))) {
          FilterScores scores = filter.score(image, alone, alone);
          assertRow(scores.matchLogits(), 0, together, row);
          assertRow(scores.texts(), 0, embeddings, row);
        }
        assertThat(embeddings.dot(row, embeddings, row)).isCloseTo(1, within(TOLERANCE));
      }
      // The control: rows do differ.
      assertThat(together.get(0, 0)).isNotCloseTo(together.get(3, 0), within(TOLERANCE));
    }
  }

  @Test
  void shouldContinueAPromptAsTokensGivenOneByOne() {
    long[] tokens = {BOS, 12, 34, 5, 21};
    try (EncodedImages images = vision.encode(pixels(1, 2, 3));
        Decoding prompted = captioner.start(images, tokens);
        Decoding stepped = captioner.start(images, BOS)) {
      FloatRows logits = stepped.logits();
      for (int i = 1; i < tokens.length; i++) {
        long token = tokens[i];
        logits = stepped.next(new int[] {0, 1, 2}, new long[] {token, token, token});
      }
      for (int row = 0; row < 3; row++) {
        assertRow(logits, row, prompted.logits(), row);
      }
      assertThat(logits.get(0, 7)).isNotCloseTo(logits.get(1, 7), within(TOLERANCE));
    }
  }

  @Test
  void shouldFollowRowsThatBranchChangePlacesAndEnd() {
    try (EncodedImages images = vision.encode(pixels(1, 2, 3));
        Decoding decoding = captioner.start(images, BOS)) {
      decoding.next(new int[] {0, 1, 2}, new long[] {10, 20, 30});
      // The first image ends; the others branch, and their rows change places.
      decoding.next(new int[] {1, 1, 2, 2}, new long[] {21, 22, 31, 32});
      FloatRows last = decoding.next(new int[] {1, 1, 3, 2}, new long[] {23, 24, 33, 33});
      assertRow(last, 0, logitsAlone(2, BOS, 20, 22, 23), 0);
      assertRow(last, 1, logitsAlone(2, BOS, 20, 22, 24), 0);
      assertRow(last, 2, logitsAlone(3, BOS, 30, 32, 33), 0);
      assertRow(last, 3, logitsAlone(3, BOS, 30, 31, 33), 0);
      assertThat(last.rows()).isEqualTo(4);
    }
  }

  @Test
  void shouldRefuseRowsOfAnImageThatDoNotStandTogether() {
    try (EncodedImages images = vision.encode(pixels(1, 2));
        Decoding decoding = captioner.start(images, BOS)) {
      assertThatThrownBy(() -> decoding.next(new int[] {0, 1, 0, 1}, new long[] {1, 2, 3, 4}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> decoding.next(new int[] {0, 0, 1}, new long[] {1, 2, 3}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> decoding.next(new int[] {1, 0}, new long[] {1, 2}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldCaptionAMixedBatchAsEachImageAlone() {
    CaptionGenerator decoder =
        new CaptionGenerator(
            captioner,
            RandomCheckpoint.TINY.text(),
            new DecodingSettings(new Strategy.Greedy(), 16, 4, 1.2));
    long[] start = {BOS};
    long[] seeds = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    List<long[]> together = captions(decoder, start, seeds);
    for (int i = 0; i < seeds.length; i++) {
      assertThat(captions(decoder, start, seeds[i]).get(0)).containsExactly(together.get(i));
    }
    assertThat(together.stream().map(ids -> ids.length).distinct().count())
        .as("different lengths, or ended rows are not tested")
        .isGreaterThan(1);
  }

  @Test
  void shouldRefuseACheckpointOfTheOtherKind() {
    assertThatThrownBy(() -> engine.captioner(filterFiles))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("holds a filter, but a captioner is needed");
  }

  @Test
  void shouldReportWhatTheRuntimeRefusesAsAFailedInference() {
    int unknownToken = RandomCheckpoint.TINY.text().vocabularySize();
    try (EncodedImages images = vision.encode(pixels(1))) {
      assertThatThrownBy(() -> captioner.start(images, BOS, unknownToken))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("caption")
          .message()
          .hasLineCount(1);
    }
  }

  @Test
  void shouldReportOutputThatIsNoNumberAsAFailedInference() {
    PixelBatch damaged = new PixelBatch(RandomCheckpoint.TINY.vision().imageSize());
    damaged.fill(1).put(0, Float.NaN);
    CaptionGenerator decoder =
        new CaptionGenerator(captioner, RandomCheckpoint.TINY.text(), DecodingSettings.greedy(8));
    assertThatThrownBy(
            () -> {
              try (EncodedImages images = vision.encode(damaged)) {
                decoder.generate(images, List.of("damaged"), 1, BOS);
              }
            })
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("not a number");
  }

  private FloatRows logitsAlone(long image, long... tokens) {
    try (EncodedImages images = vision.encode(pixels(image));
        Decoding decoding = captioner.start(images, tokens)) {
      return decoding.logits();
    }
  }

  private List<long[]> captions(CaptionGenerator decoder, long[] start, long... seeds) {
    try (EncodedImages images = vision.encode(pixels(seeds))) {
      List<String> ids = LongStream.of(seeds).mapToObj(Long::toString).toList();
      return decoder.generate(images, ids, 1, start).stream()
          .map(texts -> texts.get(0))
          .map(GeneratedText::tokens)
          .toList();
    }
  }

  private static void assertRow(FloatRows actual, int row, FloatRows expected, int expectedRow) {
    for (int i = 0; i < expected.width(); i++) {
      assertThat(actual.get(row, i))
          .as("row %d, column %d", row, i)
          .isCloseTo(expected.get(expectedRow, i), within(TOLERANCE));
    }
  }

  /** Images of noise, each from its seed. */
  public static PixelBatch pixels(long... seeds) {
    int side = RandomCheckpoint.TINY.vision().imageSize();
    PixelBatch batch = new PixelBatch(side);
    FloatBuffer out = batch.fill(seeds.length);
    for (long seed : seeds) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 3 * side * side; i++) {
        out.put((float) random.nextGaussian());
      }
    }
    return batch;
  }
}
