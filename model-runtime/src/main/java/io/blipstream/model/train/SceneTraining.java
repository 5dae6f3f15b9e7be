package io.blipstream.model.train;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.checkpoint.Precision;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;
import io.blipstream.model.image.Normalization;
import io.blipstream.model.scenes.SceneVocabulary;
import io.blipstream.model.text.BlipTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Trains a small BLIP on drawn scenes into a folder, and goes on where an earlier run in the same
 * folder stopped.
 *
 * <p>The folder then holds {@code captioner/} and {@code filter/}, both Hugging Face checkpoints
 * with the same vision weights; {@code plan.json}; {@code loss-curve.csv}; and the training state.
 */
public final class SceneTraining {

  /** Longest text of the scenes' language, in tokens, with room to spare. */
  public static final int MAX_TOKENS = 24;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String PLAN = "plan.json";
  private static final float VISION_EPS = 1e-5f;
  private static final float TEXT_EPS = 1e-12f;

  private final Path folder;
  private final TrainingPlan plan;
  private final Curriculum curriculum;
  private final long saveEvery;

  /**
   * @param saveEvery updates between two saved states
   */
  public SceneTraining(Path folder, TrainingPlan plan, Curriculum curriculum, long saveEvery) {
    this.folder = folder;
    this.plan = plan;
    this.curriculum = curriculum;
    this.saveEvery = saveEvery;
  }

  /** The architecture for the scenes' vocabulary; the text is as wide as the vision. */
  public static BlipConfig architecture(
      int imageSize, int patchSize, int width, int heads, int visionLayers, int textLayers) {
    SceneVocabulary vocabulary = new SceneVocabulary();
    return new BlipConfig(
        new VisionConfig(width, visionLayers, heads, 4 * width, imageSize, patchSize, VISION_EPS),
        new TextConfig(
            vocabulary.size(),
            width,
            textLayers,
            heads,
            4 * width,
            MAX_TOKENS,
            TEXT_EPS,
            vocabulary.decId(),
            vocabulary.sepId(),
            vocabulary.padId()),
        width / 2);
  }

  /**
   * Trains to the end of the plan.
   *
   * @param drawingThreads threads that draw batches ahead
   * @param listener told of every update
   * @throws IllegalArgumentException if the folder holds a training by another plan
   */
  public void run(int drawingThreads, Trainer.Listener listener) throws IOException {
    Files.createDirectories(folder);
    checkPlan();
    SceneVocabulary vocabulary = new SceneVocabulary();
    vocabulary.write(folder);
    ImagePreprocessing preprocessing =
        ImagePreprocessing.ofSize(plan.architecture().vision().imageSize());
    try (Trainer trainer = new Trainer(plan);
        BlipTokenizer tokenizer = BlipTokenizer.open(folder, plan.architecture().text());
        BatchesAhead batches =
            new BatchesAhead(
                new SceneBatches(
                    plan,
                    curriculum,
                    text -> tokenizer.encode(text, MAX_TOKENS),
                    new Normalization(preprocessing)),
                plan,
                drawingThreads);
        LossCurve curve = LossCurve.open(folder)) {
      trainer.resume(folder);
      curve.keepUntil(trainer.step());
      trainer.run(
          batches,
          plan.steps(),
          (step, losses) -> {
            curve.add(step, losses);
            if (step % saveEvery == 0 || step == plan.steps()) {
              curve.flush();
              trainer.save(folder);
              export(trainer.weights(), vocabulary, preprocessing);
            }
            listener.updated(step, losses);
          });
    }
  }

  private void export(
      TrainedWeights weights, SceneVocabulary vocabulary, ImagePreprocessing preprocessing)
      throws IOException {
    Path captioner = Files.createDirectories(folder.resolve("captioner"));
    Path filter = Files.createDirectories(folder.resolve("filter"));
    weights.writeCaptioner(captioner, preprocessing, Precision.F16);
    weights.writeFilter(filter, preprocessing, Precision.F16);
    vocabulary.write(captioner);
    vocabulary.write(filter);
  }

  private void checkPlan() throws IOException {
    Path file = folder.resolve(PLAN);
    String wanted = JSON.writeValueAsString(new Recorded(plan, curriculum)) + "\n";
    if (Files.exists(file) && !Files.readString(file).equals(wanted)) {
      throw new IllegalArgumentException(
          "%s holds a training by another plan: choose another folder, or the flags that %s states."
              .formatted(folder, PLAN));
    }
    Files.writeString(file, wanted);
  }

  private record Recorded(TrainingPlan plan, Curriculum curriculum) {}
}
