package io.blipstream.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.generate.CaptionGenerator;
import io.blipstream.model.generate.GeneratedText;
import io.blipstream.model.text.BlipTokenizer;
import java.io.IOException;
import java.util.List;

/** Writes captions: decoder and tokenizer of a captioner's checkpoint, and the prompt. */
final class ImageCaptioner implements AutoCloseable {

  private final CaptionGenerator generator;
  private final BlipTokenizer tokenizer;
  private final CapFiltOptions options;
  private final long[] start;

  private ImageCaptioner(
      CaptionGenerator generator, BlipTokenizer tokenizer, CapFiltOptions options) {
    this.generator = generator;
    this.tokenizer = tokenizer;
    this.options = options;
    this.start = tokenizer.prompt(options.prompt());
    generator.requireRoom(start);
  }

  /**
   * Loads the decoder and the tokenizer.
   *
   * @throws IllegalArgumentException if the model cannot write captions of these settings
   */
  static ImageCaptioner load(BlipEngine engine, Checkpoint checkpoint, CapFiltOptions options)
      throws IOException {
    TextConfig text = checkpoint.config().text();
    CaptionModel model = engine.captioner(checkpoint);
    CaptionGenerator generator = new CaptionGenerator(model, text, options.decoding());
    BlipTokenizer tokenizer = BlipTokenizer.of(checkpoint);
    try {
      return new ImageCaptioner(generator, tokenizer, options);
    } catch (IllegalArgumentException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * For each image its captions, no two of them equal; one that is only an end token is empty.
   *
   * @param imageIds seed the samples
   */
  List<List<String>> caption(EncodedImages images, List<String> imageIds) {
    return generator.generate(images, imageIds, options.candidates(), start).stream()
        .map(texts -> texts.stream().map(this::text).distinct().toList())
        .toList();
  }

  private String text(GeneratedText generated) {
    return options.keepPrompt()
        ? tokenizer.decode(generated.tokens())
        : tokenizer.decodeAfter(start, generated.tokens());
  }

  /** The settings, the prompt and the number of candidates, where there is anything to say. */
  String description() {
    StringBuilder text = new StringBuilder(options.decoding().description());
    if (!options.prompt().isBlank()) {
      text.append(options.keepPrompt() ? " kept-prompt=\"" : " prompt=\"")
          .append(options.prompt().strip())
          .append('"');
    }
    if (options.candidates() > 1) {
      text.append(" candidates=").append(options.candidates());
    }
    return text.toString();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
