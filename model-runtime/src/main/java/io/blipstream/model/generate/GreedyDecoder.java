package io.blipstream.model.generate;

import io.blipstream.model.InferenceException;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FloatRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Greedy decoding: each time the likeliest token, until the end token or the maximum length. A
 * caption that has ended leaves the batch.
 */
public final class GreedyDecoder {

  private final CaptionModel model;
  private final DecodingSettings settings;
  private final int endToken;
  private final LogitRules rules;

  /**
   * @param text the model's tokens and longest text, which bounds {@code settings.maxLength()}
   */
  public GreedyDecoder(CaptionModel model, TextConfig text, DecodingSettings settings) {
    if (settings.maxLength() > text.maxPositions()) {
      throw new IllegalArgumentException(
          "the model writes at most %d tokens, not %d"
              .formatted(text.maxPositions(), settings.maxLength()));
    }
    this.model = model;
    this.settings = settings;
    this.endToken = text.sepTokenId();
    this.rules = new LogitRules(settings, endToken);
  }

  /**
   * A caption for each image, as token ids: start tokens first, end token last unless the maximum
   * length cut it off.
   *
   * @throws InferenceException if the device fails, or a logit is not a number
   */
  public List<long[]> decode(EncodedImages images, long... start) {
    List<TokenSequence> captions = new ArrayList<>();
    for (int i = 0; i < images.count(); i++) {
      captions.add(new TokenSequence(start, settings.maxLength()));
    }
    if (!captions.isEmpty()) {
      grow(images, captions, start);
    }
    return captions.stream().map(TokenSequence::toArray).toList();
  }

  private void grow(EncodedImages images, List<TokenSequence> captions, long... start) {
    List<TokenSequence> open = captions;
    try (Decoding decoding = model.start(images, start)) {
      FloatRows logits = decoding.logits();
      while (true) {
        List<TokenSequence> continued = new ArrayList<>();
        int[] parents = new int[open.size()];
        long[] tokens = new long[open.size()];
        for (int row = 0; row < open.size(); row++) {
          TokenSequence caption = open.get(row);
          rules.apply(logits, row, caption);
          int token = likeliest(logits, row);
          caption.add(token);
          if (token != endToken && !caption.full()) {
            parents[continued.size()] = row;
            tokens[continued.size()] = token;
            continued.add(caption);
          }
        }
        if (continued.isEmpty()) {
          return;
        }
        logits =
            decoding.next(
                Arrays.copyOf(parents, continued.size()), Arrays.copyOf(tokens, continued.size()));
        open = continued;
      }
    }
  }

  private static int likeliest(FloatRows logits, int row) {
    int best = 0;
    for (int token = 0; token < logits.width(); token++) {
      float value = logits.get(row, token);
      if (Float.isNaN(value)) {
        throw new InferenceException(
            "The captioner's output is not a number; its weights or its input are damaged.");
      }
      if (value > logits.get(row, best)) {
        best = token;
      }
    }
    return best;
  }
}
