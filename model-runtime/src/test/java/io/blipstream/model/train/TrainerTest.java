package io.blipstream.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.checkpoint.Precision;
import io.blipstream.model.image.ImageDecoder;
import io.blipstream.model.image.ImageLimits;
import io.blipstream.model.image.Normalization;
import io.blipstream.model.image.RgbImage;
import io.blipstream.model.scenes.SceneVocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  private static final BlipConfig TINY = SceneTraining.architecture(16, 8, 32, 2, 2, 1);
  private static final long STEPS = 150;

  @TempDir Path folder;

  @Test
  void shouldLearn() throws IOException {
    List<Losses> losses = train(STEPS, 0.02);

    assertThat(mean(losses.subList(140, 150))).isLessThan(0.8 * mean(losses.subList(0, 10)));
  }

  /** Three native libraries in one process: libtorch, the tokenizer's, the image decoders'. */
  @Test
  void shouldLearnBesideTheNativeImageDecoders() throws Exception {
    for (int round = 0; round < 2; round++) {
      for (String name : new String[] {"/images/420.jpg", "/images/lossy.webp"}) {
        try (InputStream in = TrainerTest.class.getResourceAsStream(name)) {
          RgbImage image = ImageDecoder.decode(in.readAllBytes(), ImageLimits.DEFAULT);
          assertThat(image.width()).isPositive();
        }
      }
      assertThat(train(5, 0.02)).hasSize(5);
    }
  }

  @Test
  void shouldNotLearnWithoutALearningRate() throws IOException {
    List<Losses> losses = train(STEPS, 0);

    assertThat(mean(losses.subList(140, 150))).isGreaterThan(0.95 * mean(losses.subList(0, 10)));
  }

  @Test
  void shouldGoOnAfterAResumeAsIfItHadNotStopped() throws IOException {
    TrainingPlan plan = plan(12, 0.02);
    Map<Long, Losses> whole = new TreeMap<>();
    try (Trainer trainer = new Trainer(plan)) {
      trainer.run(batches(plan), 12, whole::put);
    }

    try (Trainer trainer = new Trainer(plan)) {
      trainer.run(batches(plan), 7, (step, losses) -> {});
      trainer.save(folder);
    }
    Map<Long, Losses> resumed = new TreeMap<>();
    try (Trainer trainer = new Trainer(plan)) {
      assertThat(trainer.resume(folder)).isTrue();
      assertThat(trainer.step()).isEqualTo(7);
      trainer.run(batches(plan), 12, resumed::put);
    }

    assertThat(resumed).hasSize(5);
    resumed.forEach(
        (step, losses) -> {
          assertThat(losses.language()).isCloseTo(whole.get(step).language(), CLOSE);
          assertThat(losses.matching()).isCloseTo(whole.get(step).matching(), CLOSE);
          assertThat(losses.contrastive()).isCloseTo(whole.get(step).contrastive(), CLOSE);
        });
  }

  @Test
  void shouldRefuseABatchWithoutNegatives() {
    assertThatThrownBy(
            () -> new TrainingPlan(TINY, 1, 1, 2, 0.02, 1e-3, 5, 0.05, 0.9, 0.98, 1, 0.1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 2 images");
  }

  @Test
  void shouldStartAnewWhereNothingWasSaved() throws IOException {
    try (Trainer trainer = new Trainer(plan(1, 0.02))) {
      assertThat(trainer.resume(folder)).isFalse();
      assertThat(trainer.step()).isZero();
    }
  }

  @Test
  void shouldStopWithAReasonWhenTrainingDiverges() throws IOException {
    TrainingPlan plan = plan(STEPS, 1e30);
    try (Trainer trainer = new Trainer(plan)) {
      assertThatThrownBy(() -> trainer.run(batches(plan), STEPS, (step, losses) -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("lower the learning rate");
    }
  }

  @Test
  void shouldWriteCaptionerAndFilterThatShareAllButSelfAttention() throws IOException {
    TrainingPlan plan = plan(3, 0.02);
    ImagePreprocessing preprocessing = ImagePreprocessing.ofSize(16);
    try (Trainer trainer = new Trainer(plan)) {
      trainer.run(batches(plan), 3, (step, losses) -> {});
      trainer.weights().writeCaptioner(folder.resolve("captioner"), preprocessing, Precision.F32);
      trainer.weights().writeFilter(folder.resolve("filter"), preprocessing, Precision.F32);
    }

    try (Checkpoint captioner = Checkpoint.open(folder.resolve("captioner"));
        Checkpoint filter = Checkpoint.open(folder.resolve("filter"))) {
      assertThat(captioner.config()).isEqualTo(TINY);
      assertThat(captioner.encodesImagesLike(filter)).isTrue();
      String cross = "encoder.layer.0.crossattention.self.key.weight";
      String self = "encoder.layer.0.attention.self.key.weight";
      assertThat(captioner.read("text_decoder.bert." + cross, 32, 32))
          .isEqualTo(filter.read("text_encoder." + cross, 32, 32));
      assertThat(captioner.read("text_decoder.bert." + self, 32, 32))
          .isNotEqualTo(filter.read("text_encoder." + self, 32, 32));
    }
  }

  @Test
  void shouldGiveTheSameBatchesAheadOfTime() {
    TrainingPlan plan = plan(6, 0.02);
    BatchSource source = batches(plan);
    try (BatchesAhead ahead = new BatchesAhead(source, plan, 2)) {
      for (long step = 0; step < 6; step++) {
        TrainingBatch expected = source.batch(step, plan.progress(step));
        TrainingBatch batch = ahead.batch(step, plan.progress(step));
        assertThat(batch.pixels()).isEqualTo(expected.pixels());
        assertThat(batch.captions())
            .usingElementComparator(Arrays::compare)
            .containsExactlyElementsOf(expected.captions());
        assertThat(batch.falseTexts())
            .usingElementComparator(Arrays::compare)
            .containsExactlyElementsOf(expected.falseTexts());
        assertThat(batch.fits()).isEqualTo(expected.fits());
      }
    }
  }

  private static final org.assertj.core.data.Offset<Float> CLOSE =
      org.assertj.core.api.Assertions.within(1e-3f);

  private static List<Losses> train(long steps, double rate) throws IOException {
    TrainingPlan plan = plan(steps, rate);
    List<Losses> all = new ArrayList<>();
    try (Trainer trainer = new Trainer(plan)) {
      trainer.run(batches(plan), steps, (step, losses) -> all.add(losses));
    }
    return all;
  }

  private static double mean(List<Losses> losses) {
    return losses.stream().mapToDouble(loss -> loss.language()).average().orElseThrow();
  }

  private static TrainingPlan plan(long steps, double rate) {
    return new TrainingPlan(TINY, steps, 8, 2, rate, rate / 20, 5, 0.05, 0.9, 0.98, 1, 0.1, 3);
  }

  /** Whole words only, which is all that the scenes' language needs but for plurals. */
  private static BatchSource batches(TrainingPlan plan) {
    SceneVocabulary vocabulary = new SceneVocabulary();
    List<String> tokens = vocabulary.tokens();
    return new SceneBatches(
        plan,
        new Curriculum(0.25, 0.5, 16),
        text -> {
          long[] words =
              Arrays.stream(text.split(" "))
                  .mapToLong(word -> Math.max(1, tokens.indexOf(word)))
                  .toArray();
          long[] ids = new long[words.length + 2];
          System.arraycopy(words, 0, ids, 1, words.length);
          ids[0] = vocabulary.clsId();
          ids[ids.length - 1] = vocabulary.sepId();
          return ids;
        },
        new Normalization(ImagePreprocessing.ofSize(plan.architecture().vision().imageSize())));
  }
}
