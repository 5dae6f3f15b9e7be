package io.blipstream.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.GreedyDecoder;
import io.blipstream.model.text.BlipTokenizer;
import java.io.IOException;
import java.util.List;

/** Writes captions: decoder and tokenizer of a captioner's checkpoint. */
final class ImageCaptioner implements AutoCloseable {

  private static final String NO_PROMPT = "";

  private final GreedyDecoder decoder;
  private final long[] start;
  private final BlipTokenizer tokenizer;

  private ImageCaptioner(GreedyDecoder decoder, long[] start, BlipTokenizer tokenizer) {
    this.decoder = decoder;
    this.start = start;
    this.tokenizer = tokenizer;
  }

  static ImageCaptioner load(BlipEngine engine, Checkpoint checkpoint, DecodingSettings settings)
      throws IOException {
    TextConfig text = checkpoint.config().text();
    CaptionModel model = engine.captioner(checkpoint);
    BlipTokenizer tokenizer = BlipTokenizer.of(checkpoint);
    return new ImageCaptioner(
        new GreedyDecoder(model, text, settings), tokenizer.prompt(NO_PROMPT), tokenizer);
  }

  /** A caption an image; one that is only an end token is empty. */
  List<String> caption(EncodedImages images) {
    return decoder.decode(images, start).stream().map(tokenizer::decode).toList();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
