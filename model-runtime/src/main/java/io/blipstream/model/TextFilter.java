package io.blipstream.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FilterScores;
import io.blipstream.model.text.BlipTokenizer;
import io.blipstream.model.text.CaptionCleaning;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Scores texts against their images: tokenizer, ITM and ITC of a filter's checkpoint. */
final class TextFilter implements AutoCloseable {

  private final FilterModel model;
  private final BlipTokenizer tokenizer;
  private final int maxTokens;
  private final boolean clean;

  /** What to put first for ITM; empty to leave [CLS] there. */
  private final OptionalInt encTokenId;

  private TextFilter(
      FilterModel model, BlipTokenizer tokenizer, CapFiltOptions options, OptionalInt encTokenId) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.maxTokens = options.maxTextTokens();
    this.clean = options.cleanTexts();
    this.encTokenId = encTokenId;
  }

  static TextFilter load(BlipEngine engine, Checkpoint checkpoint, CapFiltOptions options)
      throws IOException {
    OptionalInt encTokenId =
        options.matchToken() == MatchToken.ENC
            ? OptionalInt.of(encTokenId(checkpoint))
            : OptionalInt.empty();
    FilterModel model = engine.filter(checkpoint);
    return new TextFilter(model, BlipTokenizer.of(checkpoint), options, encTokenId);
  }

  private static int encTokenId(Checkpoint checkpoint) throws CheckpointException {
    TextConfig text = checkpoint.config().text();
    if (text.encTokenId() >= text.vocabularySize()) {
      throw new CheckpointException(
          "%s has no [ENC] token: it would follow bos_token_id %d, but the vocabulary ends at %d"
                  .formatted(checkpoint.folder(), text.bosTokenId(), text.vocabularySize() - 1)
              + "; judge with [CLS].");
    }
    return text.encTokenId();
  }

  /** How texts are judged, such as {@code itm first=cls tokens=35}. */
  String description() {
    return "itm first=%s tokens=%d%s"
        .formatted(encTokenId.isPresent() ? "enc" : "cls", maxTokens, clean ? " cleaned" : "");
  }

  /**
   * Scores all texts of all images in one pass.
   *
   * @param texts for each image its texts, any number of them
   * @throws InferenceException if a score is not a number
   */
  List<List<TextScore>> score(EncodedImages images, List<List<SourcedText>> texts) {
    int perImage = texts.stream().mapToInt(List::size).max().orElse(0);
    if (perImage == 0) {
      return texts.stream().map(none -> List.<TextScore>of()).toList();
    }
    TokenBatch tokens = tokenize(texts, perImage);
    // ITC's texts begin with [CLS] in any case.
    FilterScores scored =
        model.score(
            images,
            encTokenId.isPresent() ? tokens.withFirst(encTokenId.getAsInt()) : tokens,
            tokens);
    List<List<TextScore>> scores = new ArrayList<>();
    for (int image = 0; image < texts.size(); image++) {
      List<TextScore> ofImage = new ArrayList<>();
      for (int i = 0; i < texts.get(image).size(); i++) {
        SourcedText text = texts.get(image).get(i);
        int row = image * perImage + i;
        ofImage.add(
            new TextScore(
                text.text(),
                text.source(),
                requireNumber(scored.matchProbability(row)),
                requireNumber(scored.similarity(image, row))));
      }
      scores.add(ofImage);
    }
    return scores;
  }

  /** The texts of each image, filled up to the same number with empty ones. */
  private TokenBatch tokenize(List<List<SourcedText>> texts, int perImage) {
    List<String> all = new ArrayList<>();
    for (List<SourcedText> ofImage : texts) {
      for (int i = 0; i < perImage; i++) {
        String text = i < ofImage.size() ? ofImage.get(i).text() : "";
        all.add(clean ? CaptionCleaning.clean(text) : text);
      }
    }
    return tokenizer.encodeAll(all, maxTokens);
  }

  private static float requireNumber(float score) {
    if (Float.isNaN(score)) {
      throw new InferenceException(
          "The filter's output is not a number; its weights or its input are damaged.");
    }
    return score;
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /** A text and where it came from. */
  record SourcedText(String text, TextSource source) {}
}
