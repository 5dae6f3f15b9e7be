package io.blipstream.model.generate;

import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.CaptionGenerator.RowSearch;
import io.blipstream.model.generate.Strategy.Beam;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Beam search as transformers 5.18 does it, all images in one batch. There, an image that is done
 * stays in the batch but can change no more; here it leaves.
 *
 * <p>The reference starts with as many equal rows as beams and makes all but the first unlikely;
 * here the one row an image branches in the first step, which is the same.
 */
final class BeamSearch implements RowSearch {

  private final CaptionModel model;
  private final int endToken;
  private final DecodingSettings settings;
  private final Beam beam;
  private final LogitRules rules;

  BeamSearch(CaptionModel model, int endToken, DecodingSettings settings, Beam beam) {
    this.model = model;
    this.endToken = endToken;
    this.settings = settings;
    this.beam = beam;
    this.rules = new LogitRules(settings, endToken);
  }

  @Override
  public List<List<GeneratedText>> run(
      EncodedImages images, List<String> imageIds, int candidates, long... start) {
    List<ImageBeams> all =
        IntStream.range(0, images.count())
            .mapToObj(image -> new ImageBeams(beam, settings, endToken, start))
            .toList();
    try (Decoding decoding = model.start(images, start)) {
      FloatRows logits = decoding.logits();
      List<ImageBeams> open = all;
      while (true) {
        List<ImageBeams> continued = new ArrayList<>();
        int rowsBefore = 0;
        List<int[]> parents = new ArrayList<>();
        for (ImageBeams image : open) {
          int rows = image.rows();
          for (int i = 0; i < rows; i++) {
            toLogProbabilities(logits, rowsBefore + i);
            rules.apply(logits, rowsBefore + i, image.text(i));
          }
          int[] ofImage = image.advance(logits, rowsBefore);
          if (!image.done()) {
            continued.add(image);
            parents.add(ofImage);
          }
          rowsBefore += rows;
        }
        if (continued.isEmpty()) {
          break;
        }
        open = continued;
        logits =
            decoding.next(
                parents.stream().flatMapToInt(IntStream::of).toArray(),
                open.stream().flatMapToLong(image -> image.lastTokens()).toArray());
      }
    }
    return all.stream().map(image -> image.best(candidates)).toList();
  }

  /** Log-softmax in place, summed in double precision. */
  private static void toLogProbabilities(FloatRows logits, int row) {
    float[] values = logits.values();
    int begin = row * logits.width();
    int end = begin + logits.width();
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = begin; i < end; i++) {
      largest = Math.max(largest, values[i]);
    }
    double sum = 0;
    for (int i = begin; i < end; i++) {
      sum += Math.exp(values[i] - largest);
    }
    double normaliser = largest + Math.log(sum);
    if (Double.isNaN(normaliser)) {
      throw NextToken.notANumber();
    }
    for (int i = begin; i < end; i++) {
      values[i] = (float) (values[i] - normaliser);
    }
  }
}
