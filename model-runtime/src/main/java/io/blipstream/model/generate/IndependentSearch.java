package io.blipstream.model.generate;

import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.CaptionGenerator.RowSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Greedy decoding and sampling: each text grows by itself until its end token or the maximum
 * length. A text that has ended leaves the batch.
 */
final class IndependentSearch implements RowSearch {

  private final CaptionModel model;
  private final int endToken;
  private final DecodingSettings settings;
  private final LogitRules rules;
  private final NextToken nextToken;

  IndependentSearch(
      CaptionModel model, int endToken, DecodingSettings settings, NextToken nextToken) {
    this.model = model;
    this.endToken = endToken;
    this.settings = settings;
    this.rules = new LogitRules(settings, endToken);
    this.nextToken = nextToken;
  }

  /** A text that grows. */
  private static final class Text {
    private final TokenSequence tokens;
    private final SampleStream random;

    /** Its row of the logits at hand; in the first step an image's texts share one. */
    private int row;

    private boolean ended;

    Text(TokenSequence tokens, SampleStream random, int row) {
      this.tokens = tokens;
      this.random = random;
      this.row = row;
    }
  }

  @Override
  public List<List<GeneratedText>> run(
      EncodedImages images, List<String> imageIds, int candidates, long... start) {
    List<List<Text>> all = new ArrayList<>();
    for (int image = 0; image < images.count(); image++) {
      List<Text> texts = new ArrayList<>();
      for (int candidate = 0; candidate < candidates; candidate++) {
        texts.add(
            new Text(
                new TokenSequence(start, settings.maxLength()),
                new SampleStream(imageIds.get(image), candidate),
                image));
      }
      all.add(texts);
    }
    grow(images, all, start);
    return all.stream()
        .map(
            texts ->
                texts.stream()
                    .map(text -> new GeneratedText(text.tokens.toArray(), OptionalDouble.empty()))
                    .toList())
        .toList();
  }

  private void grow(EncodedImages images, List<List<Text>> all, long... start) {
    List<List<Text>> open = all;
    try (Decoding decoding = model.start(images, start)) {
      FloatRows logits = decoding.logits();
      while (true) {
        append(logits, open);
        open = stillOpen(open);
        if (open.isEmpty()) {
          return;
        }
        logits = next(decoding, open);
      }
    }
  }

  private void append(FloatRows logits, List<List<Text>> open) {
    for (List<Text> texts : open) {
      int lastRow = -1;
      NextToken.Choice choice = null;
      for (Text text : texts) {
        if (choice == null || text.row != lastRow) {
          // Texts that share a row are equal so far; the rules change it once for all of them.
          rules.apply(logits, text.row, text.tokens);
          choice = nextToken.of(logits, text.row);
          lastRow = text.row;
        }
        int token = choice.token(text.random.next());
        text.tokens.add(token);
        text.ended = token == endToken || text.tokens.full();
      }
    }
  }

  private static List<List<Text>> stillOpen(List<List<Text>> open) {
    return open.stream()
        .map(texts -> texts.stream().filter(text -> !text.ended).toList())
        .filter(texts -> !texts.isEmpty())
        .toList();
  }

  /**
   * Every image must have as many rows: those of an image with fewer open texts are filled up with
   * copies of its first, which nobody looks at.
   */
  private static FloatRows next(Decoding decoding, List<List<Text>> open) {
    int perImage = open.stream().mapToInt(List::size).max().orElseThrow();
    int[] parents = new int[open.size() * perImage];
    long[] tokens = new long[parents.length];
    for (int image = 0; image < open.size(); image++) {
      List<Text> texts = open.get(image);
      for (int i = 0; i < perImage; i++) {
        Text text = texts.get(i < texts.size() ? i : 0);
        int row = image * perImage + i;
        parents[row] = text.row;
        tokens[row] = text.tokens.token(text.tokens.length() - 1);
      }
    }
    for (int image = 0; image < open.size(); image++) {
      for (int i = 0; i < open.get(image).size(); i++) {
        open.get(image).get(i).row = image * perImage + i;
      }
    }
    return decoding.next(parents, tokens);
  }
}
