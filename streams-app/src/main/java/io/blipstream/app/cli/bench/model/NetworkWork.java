package io.blipstream.app.cli.bench.model;

import io.blipstream.model.BlipEngines;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.PixelBatch;
import io.blipstream.model.engine.VisionModel;
import io.blipstream.model.generate.CaptionGenerator;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.Strategy;
import io.blipstream.model.image.ImageDecoder;
import io.blipstream.model.image.ImageLimits;
import io.blipstream.model.image.Normalization;
import io.blipstream.model.image.PillowResize;
import io.blipstream.model.image.RgbImage;
import io.blipstream.model.text.BlipTokenizer;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One checkpoint's networks on an engine: the vision encoder, and what reads its image tokens. */
final class NetworkWork implements StageWork {

  private final BlipEngine engine;
  private final VisionModel vision;
  private final PixelBatch pixels;
  private final Consumer<EncodedImages> rest;
  private final double flops;

  private NetworkWork(
      BlipEngine engine,
      VisionModel vision,
      PixelBatch pixels,
      Consumer<EncodedImages> rest,
      double flops) {
    this.engine = engine;
    this.vision = vision;
    this.pixels = pixels;
    this.rest = rest;
    this.flops = flops;
  }

  static NetworkWork open(ModelCase given) throws IOException, UnreadableImageException {
    boolean filters = given.stage() == ModelStage.FILTER;
    BlipEngine engine = BlipEngines.start(given.plan(), PreparationListener.NONE);
    try (Checkpoint checkpoint =
            Checkpoint.open(Path.of(filters ? given.filter() : given.captioner()));
        BlipTokenizer tokenizer = BlipTokenizer.of(checkpoint)) {
      PixelBatch pixels = pixels(given, checkpoint.preprocessing());
      VisionModel vision = engine.vision(checkpoint);
      Consumer<EncodedImages> rest = images -> {};
      double flops = CaseFlops.vision(checkpoint);
      if (filters) {
        TokenBatch texts = texts(given, tokenizer);
        rest = filter(engine.filter(checkpoint), texts);
        flops = CaseFlops.filter(checkpoint, texts.length());
      } else if (given.stage() == ModelStage.CAPTION) {
        rest = captioner(given, engine, checkpoint, tokenizer.prompt(""));
        flops = CaseFlops.caption(checkpoint, given.tokens());
      }
      return new NetworkWork(engine, vision, pixels, rest, given.batch() * flops);
    } catch (IOException | RuntimeException | UnreadableImageException e) {
      engine.close();
      throw e;
    }
  }

  /** Greedy captions that all end after the same number of tokens. */
  static DecodingSettings decoding(ModelCase given) {
    int length = 1 + given.tokens();
    return new DecodingSettings(new Strategy.Greedy(), length, length, 1);
  }

  private static Consumer<EncodedImages> captioner(
      ModelCase given, BlipEngine engine, Checkpoint checkpoint, long... start) throws IOException {
    CaptionGenerator generator =
        new CaptionGenerator(
            engine.captioner(checkpoint), checkpoint.config().text(), decoding(given));
    List<String> ids = IntStream.range(0, given.batch()).mapToObj(i -> "image-" + i).toList();
    return images -> generator.generate(images, ids, 1, start);
  }

  private static Consumer<EncodedImages> filter(FilterModel filter, TokenBatch texts) {
    return images -> filter.score(images, texts, texts);
  }

  private static TokenBatch texts(ModelCase given, BlipTokenizer tokenizer) {
    List<String> twice = Collections.nCopies(2 * given.batch(), given.text());
    return tokenizer.encodeAll(twice, BlipTokenizer.MATCHED_TEXT_TOKENS);
  }

  private static PixelBatch pixels(ModelCase given, ImagePreprocessing preprocessing)
      throws IOException, UnreadableImageException {
    List<RgbImage> images = new ArrayList<>();
    for (byte[] encoded : StageWork.images(given)) {
      images.add(
          PillowResize.bicubic(
              ImageDecoder.decode(encoded, ImageLimits.DEFAULT),
              preprocessing.width(),
              preprocessing.height()));
    }
    PixelBatch pixels = new PixelBatch(preprocessing.height(), preprocessing.width());
    FloatBuffer out = pixels.fill(images.size());
    Normalization normalization = new Normalization(preprocessing);
    int offset = 0;
    for (RgbImage image : images) {
      normalization.write(image, out, offset);
      offset += image.rgb().length;
    }
    return pixels;
  }

  @Override
  public void run() {
    try (EncodedImages images = vision.encode(pixels)) {
      rest.accept(images);
    }
  }

  @Override
  public double flops() {
    return flops;
  }

  @Override
  public String engine() {
    return engine.description();
  }

  @Override
  public void close() {
    engine.close();
  }
}
