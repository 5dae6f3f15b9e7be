package io.blipstream.model;

import io.blipstream.model.TextFilter.SourcedText;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.image.ImageDecoder;
import io.blipstream.model.image.ImageLimits;
import io.blipstream.model.image.RgbImage;
import io.blipstream.model.image.TargetSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CapFilt with BLIP's networks on an engine.
 *
 * <p>Where captioner and filter have the same vision weights there is one {@link ImageEncoder} for
 * both, and each image goes through it once.
 */
final class BlipCapFilt implements CapFilt {

  private final BlipEngine engine;
  private final ImageLimits limits;
  private final boolean exifOrientation;

  /** What images may be scaled down to while they are decoded; empty if they may not. */
  private final Optional<TargetSize> target;

  private final ImagePreprocessing captionerSize;
  private final ImagePreprocessing filterSize;
  private final ImageEncoder captionerEncoder;
  private final ImageEncoder filterEncoder;
  private final ImageCaptioner captioner;
  private final TextFilter filter;
  private final ModelDescription description;
  private final int imagesAtOnce;

  private BlipCapFilt(
      BlipEngine engine, Checkpoint captionerFiles, Checkpoint filterFiles, CapFiltOptions options)
      throws IOException {
    this.engine = engine;
    imagesAtOnce = engine.imagesAtOnce(captionerFiles);
    limits =
        new ImageLimits(
            options.maxImageBytes(), options.maxImagePixels(), ImageLimits.DEFAULT.maxSide());
    exifOrientation = options.exifOrientation();
    captionerSize = captionerFiles.preprocessing();
    filterSize = filterFiles.preprocessing();
    target =
        options.imageDecoding() == ImageDecoding.SCALED
            ? Optional.of(TargetSize.largest(captionerSize, filterSize))
            : Optional.empty();
    captionerEncoder = ImageEncoder.load(engine, captionerFiles);
    captioner = ImageCaptioner.load(engine, captionerFiles, options);
    filterEncoder =
        captionerFiles.encodesImagesLike(filterFiles)
            ? captionerEncoder
            : ImageEncoder.load(engine, filterFiles);
    filter = TextFilter.load(engine, filterFiles, options);
    description =
        new ModelDescription(
            captionerFiles.name(),
            captionerFiles.sha256(),
            filterFiles.name(),
            filterFiles.sha256(),
            captioner.description(),
            filter.description(),
            engine.description());
  }

  /** Takes over the engine if it succeeds; the checkpoints may be closed afterwards. */
  static BlipCapFilt load(
      BlipEngine engine, Checkpoint captioner, Checkpoint filter, CapFiltOptions options)
      throws IOException {
    captioner.require(Architecture.CAPTIONER);
    filter.require(Architecture.FILTER);
    ImageDecoder.loadNative();
    return new BlipCapFilt(engine, captioner, filter, options);
  }

  @Override
  public PreparedImage prepare(byte[] encoded) throws UnreadableImageException {
    RgbImage image = ImageDecoder.decode(encoded, limits, exifOrientation, target);
    return ResizedImage.of(image, captionerSize, filterSize);
  }

  @Override
  public int callsAtOnce() {
    return engine.callsAtOnce();
  }

  @Override
  public List<Judgement> judge(List<CapFiltInput> batch) {
    return judge(batch, (stage, nanos) -> {});
  }

  @Override
  public List<Judgement> judge(List<CapFiltInput> batch, JudgingStage.Listener listener) {
    List<Judgement> judgements = new ArrayList<>();
    List<CapFiltInput> left = batch;
    try (BlipEngine.Call call = engine.begin()) {
      while (!left.isEmpty()) {
        int most = Math.max(1, imagesAtOnce / call.underWay());
        List<CapFiltInput> part = left.subList(0, Math.min(most, left.size()));
        left = left.subList(part.size(), left.size());
        List<List<TextScore>> scores =
            scores(part, part.stream().map(ResizedImage::from).toList(), listener);
        for (int i = 0; i < part.size(); i++) {
          judgements.add(new Judgement(part.get(i).imageId(), scores.get(i)));
        }
      }
    }
    return judgements;
  }

  private List<List<TextScore>> scores(
      List<CapFiltInput> batch, List<ResizedImage> images, JudgingStage.Listener listener) {
    heedInterrupt();
    List<List<SourcedText>> texts;
    long captionerNanos;
    long start = System.nanoTime();
    try (EncodedImages encoded =
        captionerEncoder.encode(images.stream().map(ResizedImage::forCaptioner).toList())) {
      long encodedAt = System.nanoTime();
      captionerNanos = encodedAt - start;
      heedInterrupt();
      texts =
          texts(
              batch,
              captioner.caption(encoded, batch.stream().map(CapFiltInput::imageId).toList()));
      listener.took(JudgingStage.CAPTION, System.nanoTime() - encodedAt);
      if (filterEncoder == captionerEncoder) {
        listener.took(JudgingStage.ENCODE, captionerNanos);
        return scores(encoded, texts, listener);
      }
    }
    // The captioner's image tokens are freed by now.
    heedInterrupt();
    long again = System.nanoTime();
    try (EncodedImages encoded =
        filterEncoder.encode(images.stream().map(ResizedImage::forFilter).toList())) {
      listener.took(JudgingStage.ENCODE, captionerNanos + System.nanoTime() - again);
      return scores(encoded, texts, listener);
    }
  }

  private List<List<TextScore>> scores(
      EncodedImages encoded, List<List<SourcedText>> texts, JudgingStage.Listener listener) {
    long start = System.nanoTime();
    List<List<TextScore>> scores = filter.score(encoded, texts);
    listener.took(JudgingStage.FILTER, System.nanoTime() - start);
    return scores;
  }

  /** Native code knows no interrupts, so between its calls. */
  private static void heedInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw new InferenceException("interrupted: nobody waits for these images any more");
    }
  }

  /** Web texts first, then the captions, as a {@link Judgement} lists them. */
  private static List<List<SourcedText>> texts(
      List<CapFiltInput> batch, List<List<String>> captions) {
    List<List<SourcedText>> texts = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      List<SourcedText> ofImage = new ArrayList<>();
      batch.get(i).webTexts().forEach(text -> ofImage.add(new SourcedText(text, TextSource.WEB)));
      captions.get(i).forEach(text -> ofImage.add(new SourcedText(text, TextSource.SYNTHETIC)));
      texts.add(ofImage);
    }
    return texts;
  }

  @Override
  public ModelDescription description() {
    return description;
  }

  @Override
  public long imagesEncoded() {
    return captionerEncoder == filterEncoder
        ? captionerEncoder.encoded()
        : captionerEncoder.encoded() + filterEncoder.encoded();
  }

  @Override
  public void close() {
    captioner.close();
    filter.close();
    engine.close();
  }
}
