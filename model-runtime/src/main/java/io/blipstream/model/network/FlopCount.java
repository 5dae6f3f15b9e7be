package io.blipstream.model.network;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;

/**
 * Floating-point operations of the network's matrix products, a multiply-add counting two; what is
 * left out (norms, activations, softmax) is below 2% at every official size.
 *
 * @param imageTokens N, which the size of the images decides
 */
public record FlopCount(BlipConfig config, int imageTokens) {

  /** The vision encoder, for one image. */
  public double vision() {
    VisionConfig v = config.vision();
    double tokens = imageTokens;
    double width = v.width();
    double patches = 2 * (tokens - 1) * 3 * v.patchSize() * v.patchSize() * width;
    double linear = 2 * tokens * width * (4 * width + 2.0 * v.mlpWidth());
    double attention = 4 * tokens * tokens * width;
    return patches + v.layers() * (linear + attention);
  }

  /** Cross-attention keys and values of one image, for every text layer. */
  public double crossKeyValues() {
    TextConfig t = config.text();
    return t.layers() * 4.0 * imageTokens * config.vision().width() * t.width();
  }

  /** The image-grounded text layers over one text, keys and values of the image at hand. */
  public double text(int tokens) {
    TextConfig t = config.text();
    double width = t.width();
    double linear = 2 * tokens * width * (6 * width + 2.0 * t.mlpWidth());
    double attention = 4 * tokens * width * (tokens + imageTokens);
    return t.layers() * (linear + attention);
  }

  /** The text layers over one text by itself, without cross-attention, as ITC embeds it. */
  public double textAlone(int tokens) {
    TextConfig t = config.text();
    double width = t.width();
    double linear = 2 * tokens * width * (4 * width + 2.0 * t.mlpWidth());
    double attention = 4 * tokens * width * tokens;
    return t.layers() * (linear + attention);
  }

  /** The captioner, all in all: one image to a caption of so many tokens. */
  public double caption(int tokens) {
    return vision() + crossKeyValues() + text(tokens) + languageModelHead(tokens);
  }

  /** The captioner's head: so many tokens' logits. */
  public double languageModelHead(int tokens) {
    TextConfig t = config.text();
    return 2.0 * tokens * t.width() * (t.width() + t.vocabularySize());
  }

  /** The filter, all in all: ITM of one image with one text of so many tokens. */
  public double match(int tokens) {
    return vision() + crossKeyValues() + text(tokens);
  }
}
