package io.blipstream.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.text.BlipTokenizer;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Scores texts against their images: tokenizer, ITM and ITC of a filter's checkpoint. */
final class TextFilter implements AutoCloseable {

  private final FilterModel model;
  private final BlipTokenizer tokenizer;
  private final int maxTokens;

  private TextFilter(FilterModel model, BlipTokenizer tokenizer, int maxTokens) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
  }

  static TextFilter load(BlipEngine engine, Checkpoint checkpoint, int maxTokens)
      throws IOException {
    FilterModel model = engine.filter(checkpoint);
    return new TextFilter(model, BlipTokenizer.of(checkpoint), maxTokens);
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
    FloatRows logits = model.match(images, tokens);
    FloatRows imageEmbeddings = model.imageEmbeddings(images);
    FloatRows textEmbeddings = model.textEmbeddings(tokens);
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
                requireNumber(matchProbability(logits, row)),
                requireNumber(imageEmbeddings.dot(image, textEmbeddings, row))));
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
        all.add(i < ofImage.size() ? ofImage.get(i).text() : "");
      }
    }
    return tokenizer.encodeAll(all, maxTokens);
  }

  /** Softmax of the logits "no match" and "match". */
  private static float matchProbability(FloatRows logits, int row) {
    double difference = (double) logits.get(row, 0) - logits.get(row, 1);
    return (float) (1 / (1 + Math.exp(difference)));
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
