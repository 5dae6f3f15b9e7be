package io.blipstream.model.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.engine.pytorch.PyTorchOps;
import io.blipstream.model.engine.pytorch.TextTensors;
import io.blipstream.model.engine.pytorch.TorchScript;
import io.blipstream.model.network.KeyValues;
import io.blipstream.model.network.TextDecoder;
import io.blipstream.model.network.TextEncoder;
import io.blipstream.model.network.VisionEncoder;
import io.blipstream.model.text.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * BLIP's pre-training objective over one batch: ITC + ITM + LM with equal weights (Li et al. 2022,
 * section 3.2). Each image is encoded once for all three.
 *
 * <p>ITM sees one match and two negatives an image: a text of another image, sampled in proportion
 * to its contrastive similarity, and the batch's own false text. Pairs that happen to fit are never
 * taken as negatives, neither here nor in ITC.
 */
final class BlipObjective {

  private static final int ITM_TEXTS = 3;

  /** Keeps a pair out of the softmax over similarities. */
  private static final float MASKED = -1e4f;

  private static final int IGNORED = -100;

  private final PyTorchOps ops;
  private final TorchScript script;
  private final TrainingPlan plan;
  private final VisionEncoder<NDArray> vision;
  private final TextEncoder<NDArray> encoder;
  private final TextDecoder<NDArray> decoder;

  BlipObjective(PyTorchOps ops, TorchScript script, TrainingPlan plan) {
    BlipConfig config = plan.architecture();
    this.ops = ops;
    this.script = script;
    this.plan = plan;
    this.vision = new VisionEncoder<>(ops, config.vision());
    this.encoder = new TextEncoder<>(ops, config);
    this.decoder = new TextDecoder<>(ops, config);
  }

  /** The losses as scalars on the gradient path. */
  record Scalars(NDArray contrastive, NDArray matching, NDArray language) {
    NDArray total() {
      return contrastive.add(matching).add(language);
    }
  }

  /**
   * Computes all three losses.
   *
   * @param manager owns the batch's tensors
   * @param random samples the hard negatives
   */
  Scalars losses(NDManager manager, TrainingBatch batch, SplittableRandom random) {
    int side = plan.architecture().vision().imageSize();
    NDArray pixels = manager.create(batch.pixels(), new Shape(batch.images(), 3, side, side));
    NDArray image = vision.encode(pixels);
    NDArray similarity = similarity(manager, batch, image);
    // Encoder and decoder share the cross-attention, and so its keys and values.
    List<KeyValues<NDArray>> cross = decoder.crossKeyValues(image);
    NDArray language = language(manager, batch, cross);
    int[] confusing = confusing(similarity.toFloatArray(), batch.images(), random);
    NDArray matching = matching(manager, batch, confusing, cross);
    NDArray targets = manager.arange(0, batch.images(), 1).toType(DataType.INT64, false);
    // Numbers are tensors here: DJL's arithmetic with plain numbers breaks gradients.
    NDArray exact = manager.create(0f);
    NDArray contrastive =
        script
            .crossEntropy(similarity, targets, exact)
            .add(script.crossEntropy(similarity.transpose(), targets, exact))
            .mul(manager.create(0.5f));
    return new Scalars(contrastive, matching, language);
  }

  /** Similarities over temperature [B, B], pairs that fit by chance masked out. */
  private NDArray similarity(NDManager manager, TrainingBatch batch, NDArray image) {
    int images = batch.images();
    List<long[]> texts = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      texts.add(batch.caption(i, 0));
    }
    TokenBatch tokens = padded(texts);
    NDArray text =
        encoder.textEmbedding(
            TextTensors.ids(manager, tokens),
            TextTensors.positions(manager, 0, tokens.length()),
            TextTensors.paddingMask(manager, tokens));
    NDArray temperature = ops.parameter(TrainableParameters.TEMPERATURE, 1);
    float[] mask = new float[images * images];
    for (int i = 0; i < mask.length; i++) {
      boolean own = i / images == i % images;
      mask[i] = batch.fits()[i] && !own ? MASKED : 0;
    }
    return encoder
        .imageEmbedding(image)
        .matMul(text.transpose())
        .div(temperature)
        .add(manager.create(mask, new Shape(images, images)));
  }

  private NDArray language(NDManager manager, TrainingBatch batch, List<KeyValues<NDArray>> cross) {
    TokenBatch captions = padded(batch.captions());
    long[] ids = captions.ids();
    int rows = captions.size();
    int length = captions.length() - 1;
    long start = plan.architecture().text().bosTokenId();
    long[] inputs = new long[rows * length];
    long[] targets = new long[rows * length];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < length; i++) {
        int at = row * captions.length() + i;
        inputs[row * length + i] = i == 0 ? start : ids[at];
        targets[row * length + i] = i + 1 < captions.length(row) ? ids[at + 1] : IGNORED;
      }
    }
    NDArray logits =
        decoder.logits(
            manager.create(inputs, new Shape(rows, length)),
            TextTensors.positions(manager, 0, length),
            TextTensors.causalMask(manager, length),
            cross);
    return script.crossEntropy(
        logits.reshape(rows * (long) length, -1),
        manager.create(targets),
        manager.create((float) plan.labelSmoothing()));
  }

  private NDArray matching(
      NDManager manager, TrainingBatch batch, int[] confusing, List<KeyValues<NDArray>> cross) {
    int images = batch.images();
    List<long[]> texts = new ArrayList<>();
    long[] labels = new long[images * ITM_TEXTS];
    for (int i = 0; i < images; i++) {
      labels[texts.size()] = 1;
      texts.add(batch.caption(i, batch.captionsPerImage() - 1));
      texts.add(batch.caption(confusing[i], 0));
      texts.add(batch.falseTexts().get(i));
    }
    TokenBatch tokens = padded(texts);
    NDArray logits =
        encoder.match(
            TextTensors.ids(manager, tokens),
            TextTensors.positions(manager, 0, tokens.length()),
            TextTensors.paddingMask(manager, tokens),
            cross);
    return script.crossEntropy(logits, manager.create(labels), manager.create(0f));
  }

  /** For each image a text of another one that looks similar, sampled by softmax. */
  private static int[] confusing(float[] similarity, int images, SplittableRandom random) {
    int[] chosen = new int[images];
    for (int i = 0; i < images; i++) {
      float[] row = Arrays.copyOfRange(similarity, i * images, (i + 1) * images);
      row[i] = MASKED;
      chosen[i] = sample(row, random);
    }
    return chosen;
  }

  private static int sample(float[] logits, SplittableRandom random) {
    float highest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      highest = Math.max(highest, logit);
    }
    double sum = 0;
    double[] weights = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      weights[i] = logits[i] <= MASKED / 2 ? 0 : Math.exp(logits[i] - highest);
      sum += weights[i];
    }
    double left = random.nextDouble() * sum;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  private TokenBatch padded(List<long[]> texts) {
    return TokenBatch.of(texts, plan.architecture().text().padTokenId());
  }
}
