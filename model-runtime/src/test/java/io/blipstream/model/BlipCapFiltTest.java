package io.blipstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.onnx.OnnxEngine;
import io.blipstream.model.engine.pytorch.PyTorchEngine;
import io.blipstream.model.generate.DecodingPreset;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.Strategy;
import io.blipstream.model.scenes.SceneVocabulary;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CapFilt from encoded images to scores, with random weights. */
class BlipCapFiltTest {

  private static final EngineRequest ONE_THREAD =
      new EngineRequest(Optional.of(EngineKind.PYTORCH), Optional.empty(), Optional.empty(), 1);

  private static final SceneVocabulary VOCABULARY = new SceneVocabulary();
  private static final CapFiltOptions OPTIONS =
      CapFiltOptions.builder().engine(ONE_THREAD).decoding(DecodingSettings.greedy(10)).build();
  private static final float TOLERANCE = 1e-4f;

  @TempDir private static Path folder;

  @BeforeAll
  static void writeCheckpoints() throws IOException {
    write("captioner", Architecture.CAPTIONER, 32, 1, 2);
    write("same-vision", Architecture.FILTER, 32, 1, 3);
    write("other-vision", Architecture.FILTER, 32, 4, 3);
    write("other-size", Architecture.FILTER, 48, 4, 3);
  }

  @Test
  void shouldJudgeWebTextsInOrderAndTheCaptionLast() throws Exception {
    try (CapFilt model = load("same-vision", OPTIONS)) {
      List<Judgement> judgements =
          model.judge(
              List.of(
                  new CapFiltInput("a", image(model, 1), List.of("a red ball", "")),
                  new CapFiltInput("b", image(model, 2), List.of())));
      assertThat(judgements).extracting(Judgement::imageId).containsExactly("a", "b");
      List<TextScore> first = judgements.get(0).scores();
      assertThat(first)
          .extracting(TextScore::source)
          .containsExactly(TextSource.WEB, TextSource.WEB, TextSource.SYNTHETIC);
      assertThat(first).extracting(TextScore::text).startsWith("a red ball", "");
      assertThat(judgements.get(1).scores()).hasSize(1);
      for (TextScore score : first) {
        assertThat(score.itmProbability()).isBetween(0f, 1f);
        assertThat(score.itcSimilarity()).isBetween(-1f, 1f);
      }
      assertThat(model.judge(List.of())).isEmpty();
    }
  }

  @Test
  void shouldJudgeAMixedBatchAsEachImageAlone() throws Exception {
    try (CapFilt model = load("other-size", OPTIONS)) {
      List<CapFiltInput> batch = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        List<String> texts =
            List.of("a small blue star above a tree", "a cat", "two red cars on the left");
        batch.add(new CapFiltInput("image " + i, image(model, i), texts.subList(0, i % 4)));
      }
      List<Judgement> together = model.judge(batch);
      for (int i = 0; i < batch.size(); i++) {
        List<TextScore> alone = model.judge(List.of(batch.get(i))).get(0).scores();
        List<TextScore> scores = together.get(i).scores();
        assertThat(scores).hasSameSizeAs(alone);
        for (int t = 0; t < alone.size(); t++) {
          assertThat(scores.get(t).text()).isEqualTo(alone.get(t).text());
          assertThat(scores.get(t).itmProbability())
              .isCloseTo(alone.get(t).itmProbability(), within(TOLERANCE));
          assertThat(scores.get(t).itcSimilarity())
              .isCloseTo(alone.get(t).itcSimilarity(), within(TOLERANCE));
        }
      }
    }
  }

  @Test
  void shouldJudgeEveryCandidateOfAnImageAndEqualOnesOnce() throws Exception {
    CapFiltOptions options =
        CapFiltOptions.builder()
            .engine(ONE_THREAD)
            .preset(DecodingPreset.CAPFILT)
            .prompt("a red")
            .candidates(6)
            .build();
    try (CapFilt model = load("other-vision", options)) {
      List<CapFiltInput> batch = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        batch.add(new CapFiltInput("image " + i, image(model, 7), List.of("a cat")));
      }
      List<Judgement> together = model.judge(batch);
      for (Judgement judgement : together) {
        assertThat(judgement.scores()).hasSizeBetween(3, 7);
        assertThat(judgement.scores().get(0).source()).isEqualTo(TextSource.WEB);
        List<TextScore> captions = judgement.scores().subList(1, judgement.scores().size());
        assertThat(captions).allMatch(score -> score.source() == TextSource.SYNTHETIC);
        assertThat(captions).extracting(TextScore::text).doesNotHaveDuplicates();
      }
      // The id is the seed: the same picture under another id is captioned otherwise.
      assertThat(captions(together.get(0))).isNotEqualTo(captions(together.get(1)));
      assertThat(captions(model.judge(batch.subList(1, 2)).get(0)))
          .isEqualTo(captions(together.get(1)));
      assertThat(model.description().decoding())
          .isEqualTo(
              "nucleus p=0.9 k=50 repetition=1.1 max=20 min=5 prompt=\"a red\" candidates=6");
    }
  }

  @Test
  void shouldCountEqualCandidatesAsOne() throws Exception {
    DecodingSettings certain =
        new DecodingSettings(new Strategy.Sampling(1, 1, 1), 10, 0, 1); // the likeliest token only
    CapFiltOptions options =
        CapFiltOptions.builder().engine(ONE_THREAD).decoding(certain).candidates(4).build();
    try (CapFilt model = load("other-vision", options);
        CapFilt greedy = load("other-vision", OPTIONS)) {
      CapFiltInput input = new CapFiltInput("a", image(model, 7), List.of());
      assertThat(captions(model.judge(List.of(input)).get(0)))
          .hasSize(1)
          .isEqualTo(captions(greedy.judge(List.of(input)).get(0)));
    }
  }

  @Test
  void shouldCutThePromptOffUnlessItIsToStay() throws Exception {
    CapFiltOptions.Builder options =
        CapFiltOptions.builder()
            .engine(ONE_THREAD)
            .decoding(DecodingSettings.greedy(10))
            .prompt("a red ball");
    try (CapFilt cut = load("same-vision", options.build());
        CapFilt kept = load("same-vision", options.keepPrompt(true).build())) {
      CapFiltInput input = new CapFiltInput("a", image(cut, 7), List.of());
      String whole = captions(kept.judge(List.of(input)).get(0)).get(0);
      assertThat(whole).startsWith("a red ball ");
      assertThat(captions(cut.judge(List.of(input)).get(0)).get(0))
          .isEqualTo(whole.substring("a red ball ".length()));
    }
  }

  @Test
  void shouldRefuseAPromptThatLeavesNoRoom() {
    CapFiltOptions options =
        CapFiltOptions.builder()
            .engine(ONE_THREAD)
            .decoding(DecodingSettings.greedy(4))
            .prompt("a red ball")
            .build();
    assertThatThrownBy(() -> load("same-vision", options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("start tokens leave no room");
  }

  @Test
  void shouldJudgeWithEncOrCleanedWhenAsked() throws Exception {
    CapFiltOptions.Builder options = CapFiltOptions.builder().engine(ONE_THREAD);
    List<String> texts = List.of("a red ball", "A Red: BALL!");
    List<TextScore> plain;
    List<TextScore> cleaned;
    List<TextScore> enc;
    try (CapFilt model = load("same-vision", options.build())) {
      plain = scores(model, texts);
    }
    try (CapFilt model = load("same-vision", options.cleanTexts(true).build())) {
      cleaned = scores(model, texts);
      assertThat(model.description().matching()).isEqualTo("itm first=cls tokens=35 cleaned");
    }
    try (CapFilt model =
        load("same-vision", options.cleanTexts(false).matchToken(MatchToken.ENC).build())) {
      enc = scores(model, texts);
      assertThat(model.description().matching()).isEqualTo("itm first=enc tokens=35");
    }
    assertThat(plain.get(1).itmProbability()).isNotEqualTo(plain.get(0).itmProbability());
    assertThat(cleaned).extracting(TextScore::text).startsWith("a red ball", "A Red: BALL!");
    assertThat(cleaned.get(1).itmProbability())
        .isCloseTo(plain.get(0).itmProbability(), within(TOLERANCE));
    assertThat(enc.get(0).itmProbability())
        .isNotCloseTo(plain.get(0).itmProbability(), within(TOLERANCE));
    assertThat(enc.get(0).itcSimilarity())
        .as("ITC knows no [ENC]")
        .isCloseTo(plain.get(0).itcSimilarity(), within(TOLERANCE));
  }

  private static List<TextScore> scores(CapFilt model, List<String> texts) throws Exception {
    return model.judge(List.of(new CapFiltInput("a", image(model, 7), texts))).get(0).scores();
  }

  private static List<String> captions(Judgement judgement) {
    return judgement.scores().stream()
        .filter(score -> score.source() == TextSource.SYNTHETIC)
        .map(TextScore::text)
        .toList();
  }

  @Test
  void shouldEncodeAnImageOnceIfTheVisionWeightsAreTheSame() throws Exception {
    assertThat(passes("same-vision")).isEqualTo(3);
    assertThat(passes("other-vision")).isEqualTo(6);
    assertThat(passes("other-size")).isEqualTo(6);
  }

  @Test
  void shouldKeepPreparedImagesSmall() throws Exception {
    try (CapFilt same = load("same-vision", OPTIONS);
        CapFilt other = load("other-size", OPTIONS)) {
      assertThat(image(same, 1).sizeInBytes()).isEqualTo(3 * 32 * 32);
      assertThat(image(other, 1).sizeInBytes()).isEqualTo(3 * 32 * 32 + 3 * 48 * 48);
    }
  }

  @Test
  void shouldRefuseImagesOverTheLimits() throws Exception {
    CapFiltOptions options =
        CapFiltOptions.builder().engine(ONE_THREAD).maxImagePixels(1_000).build();
    try (CapFilt model = load("same-vision", options)) {
      assertThatThrownBy(() -> image(model, 1))
          .isInstanceOf(UnreadableImageException.class)
          .extracting(e -> ((UnreadableImageException) e).reason())
          .isEqualTo(UnreadableImageException.Reason.TOO_MANY_PIXELS);
    }
  }

  @Test
  void shouldDescribeWhatIsAtWork() throws Exception {
    try (CapFilt model = load("other-vision", OPTIONS)) {
      ModelDescription description = model.description();
      assertThat(description.captioner()).isEqualTo("captioner");
      assertThat(description.filter()).isEqualTo("other-vision");
      assertThat(description.captionerDigest()).matches("[0-9a-f]{64}");
      assertThat(description.filterDigest())
          .matches("[0-9a-f]{64}")
          .isNotEqualTo(description.captionerDigest());
      assertThat(description.decoding()).isEqualTo("greedy max=10");
      assertThat(description.matching()).isEqualTo("itm first=cls tokens=35");
      assertThat(description.engine()).isEqualTo("pytorch cpu fp32");
    }
  }

  @Test
  void shouldLoadAPairOfFoldersByTheirNames() throws Exception {
    try (CapFilt model =
        CapFilts.load(
            folder.resolve("captioner"),
            folder.resolve("same-vision"),
            OPTIONS,
            PreparationListener.NONE)) {
      assertThat(model.description().filter()).isEqualTo("same-vision");
    }
  }

  @Test
  void shouldWorkAtNoMoreImagesAtOnceThanTheEngineLikes() throws Exception {
    List<Judgement> together;
    try (BlipCapFilt model = load("other-vision", OPTIONS)) {
      together = model.judge(batch(model, 5));
    }
    List<Integer> encoded = new ArrayList<>();
    BlipEngine pairs =
        new LimitedEngine(PyTorchEngine.start(ComputeDevice.CPU, 1), 2, encoded::add);
    try (BlipCapFilt model = load(pairs, "other-vision", OPTIONS)) {
      assertThat(model.judge(batch(model, 5)))
          .usingRecursiveComparison()
          .withComparatorForType(
              Comparator.comparingDouble(value -> Math.round(value * 1e4)), Float.class)
          .isEqualTo(together);
    }
    assertThat(encoded).containsExactly(2, 2, 2, 2, 1, 1);
  }

  @Test
  void shouldDivideWhatTheEngineLikesAmongTheCallsUnderWay() throws Exception {
    List<Integer> encoded = Collections.synchronizedList(new ArrayList<>());
    BlipEngine engine = new LimitedEngine(onnx(2), 4, encoded::add);
    try (BlipCapFilt model = load(engine, "same-vision", OPTIONS)) {
      List<CapFiltInput> batch = batch(model, 4);
      model.judge(batch);
      try (BlipEngine.Call other = engine.begin()) {
        assertThat(other.underWay()).isEqualTo(1);
        model.judge(batch);
      }
    }
    assertThat(encoded).containsExactly(4, 2, 2);
  }

  @Test
  void shouldJudgeInSeveralCallsAtATimeAsInOne() throws Exception {
    try (BlipCapFilt model = load(onnx(3), "other-size", OPTIONS)) {
      assertThat(model.callsAtOnce()).isEqualTo(3);
      List<CapFiltInput> images = batch(model, 12);
      List<Judgement> alone = model.judge(images);
      List<Callable<List<Judgement>>> calls = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        List<CapFiltInput> pair = images.subList(2 * (i % 6), 2 * (i % 6) + 2);
        calls.add(() -> model.judge(pair));
      }
      ExecutorService threads = Executors.newFixedThreadPool(model.callsAtOnce());
      try {
        List<Judgement> judged = new ArrayList<>();
        for (Future<List<Judgement>> call : threads.invokeAll(calls)) {
          judged.addAll(call.get());
        }
        for (int i = 0; i < judged.size(); i++) {
          assertThat(judged.get(i)).isEqualTo(alone.get(i % alone.size()));
        }
      } finally {
        threads.shutdown();
      }
    }
  }

  private static OnnxEngine onnx(int threads) {
    return OnnxEngine.start(
        ComputeDevice.CPU, NumericPrecision.INT8, threads, PreparationListener.NONE);
  }

  @Test
  void shouldEndAtTheImagesItIsAtWhenInterrupted() throws Exception {
    List<Integer> encoded = new ArrayList<>();
    BlipEngine interrupting =
        new LimitedEngine(
            PyTorchEngine.start(ComputeDevice.CPU, 1),
            2,
            images -> {
              encoded.add(images);
              Thread.currentThread().interrupt();
            });
    try (BlipCapFilt model = load(interrupting, "other-vision", OPTIONS)) {
      List<CapFiltInput> batch = batch(model, 5);
      assertThatThrownBy(() -> model.judge(batch))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).as("left for the caller to see").isTrue();
    }
    assertThat(encoded).containsExactly(2);
  }

  private static List<CapFiltInput> batch(BlipCapFilt model, int images) throws Exception {
    List<CapFiltInput> batch = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      batch.add(new CapFiltInput("image " + i, image(model, i), List.of("a text")));
    }
    return batch;
  }

  private static long passes(String filter) throws Exception {
    try (BlipCapFilt model = load(filter, OPTIONS)) {
      model.judge(batch(model, 3));
      return model.imagesEncoded();
    }
  }

  private static BlipCapFilt load(String filter, CapFiltOptions options) throws IOException {
    return load(
        PyTorchEngine.start(ComputeDevice.CPU, options.engine().threads()), filter, options);
  }

  private static BlipCapFilt load(BlipEngine engine, String filter, CapFiltOptions options)
      throws IOException {
    try (Checkpoint captionerFiles = Checkpoint.open(folder.resolve("captioner"));
        Checkpoint filterFiles = Checkpoint.open(folder.resolve(filter))) {
      return BlipCapFilt.load(engine, captionerFiles, filterFiles, options);
    }
  }

  private static void write(
      String name, Architecture architecture, int imageSize, long visionSeed, long textSeed)
      throws IOException {
    int words = VOCABULARY.encId() + 1;
    BlipConfig config =
        new BlipConfig(
            new VisionConfig(24, 2, 3, 40, imageSize, 8, 1e-5f),
            new TextConfig(
                words, 32, 2, 4, 48, 40, 1e-12f, VOCABULARY.decId(), VOCABULARY.sepId(), 0),
            12);
    RandomCheckpoint.write(folder.resolve(name), architecture, config, visionSeed, textSeed);
    VOCABULARY.write(folder.resolve(name));
  }

  /** A picture of noise. */
  private static PreparedImage image(CapFilt model, long seed)
      throws IOException, UnreadableImageException {
    BufferedImage picture = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
    SplittableRandom random = new SplittableRandom(seed);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        picture.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    return model.prepare(out.toByteArray());
  }
}
