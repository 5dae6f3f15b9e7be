package io.blipstream.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FloatRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A decoder whose logits are a hash of the seed, the image, the last two tokens and the next one;
 * the references in {@code generate/} were made with the same function. It holds its caller to what
 * {@link Decoding} demands, and counts rows.
 */
final class ScriptedModel implements CaptionModel {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final int vocabulary;
  private final int endToken;
  private final long seed;
  private final float endBias;
  private final List<Integer> rowsOfSteps = new ArrayList<>();

  ScriptedModel(int vocabulary, int endToken, long seed, float endBias) {
    this.vocabulary = vocabulary;
    this.endToken = endToken;
    this.seed = seed;
    this.endBias = endBias;
  }

  /** Images by their numbers. */
  record Images(List<Integer> numbers) implements EncodedImages {
    @Override
    public int count() {
      return numbers.size();
    }

    @Override
    public float[] tokens() {
      throw new UnsupportedOperationException("scripted images have no tokens");
    }

    @Override
    public void close() {}
  }

  /** Rows of each step, the first included. */
  List<Integer> rowsOfSteps() {
    return rowsOfSteps;
  }

  float logit(int image, long before, long last, int next) {
    long hash = mix(seed * 1000003 + image);
    for (long token : new long[] {before, last, next}) {
      hash = mix(hash + GOLDEN * (token + 1));
    }
    return (float) ((hash >>> 44) / (double) (1 << 20)) * 8 - 4 + (next == endToken ? endBias : 0);
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public Decoding start(EncodedImages images, long... tokens) {
    return new Script(((Images) images).numbers(), tokens);
  }

  private final class Script implements Decoding {

    private final List<Integer> numbers;

    /** For each row, the place of its image in the batch. */
    private List<Integer> images = new ArrayList<>();

    private List<long[]> texts = new ArrayList<>();

    Script(List<Integer> numbers, long... tokens) {
      this.numbers = numbers;
      for (int image = 0; image < numbers.size(); image++) {
        images.add(image);
        texts.add(tokens);
      }
    }

    @Override
    public FloatRows logits() {
      rowsOfSteps.add(texts.size());
      float[] values = new float[texts.size() * vocabulary];
      for (int row = 0; row < texts.size(); row++) {
        long[] text = texts.get(row);
        long last = text[text.length - 1];
        long before = text.length > 1 ? text[text.length - 2] : vocabulary;
        for (int token = 0; token < vocabulary; token++) {
          values[row * vocabulary + token] =
              logit(numbers.get(images.get(row)), before, last, token);
        }
      }
      return new FloatRows(values, vocabulary);
    }

    @Override
    public FloatRows next(int[] parents, long[] tokens) {
      assertThat(parents).hasSameSizeAs(tokens).isNotEmpty();
      List<Integer> nextImages = new ArrayList<>();
      List<long[]> nextTexts = new ArrayList<>();
      for (int row = 0; row < parents.length; row++) {
        long[] text = texts.get(parents[row]);
        assertThat(text[text.length - 1]).as("a finished row goes on").isNotEqualTo(endToken);
        long[] longer = Arrays.copyOf(text, text.length + 1);
        longer[text.length] = tokens[row];
        nextTexts.add(longer);
        nextImages.add(images.get(parents[row]));
      }
      Map<Integer, Integer> counts = new HashMap<>();
      for (int row = 0; row < nextImages.size(); row++) {
        counts.merge(nextImages.get(row), 1, Integer::sum);
        if (row > 0 && !nextImages.get(row).equals(nextImages.get(row - 1))) {
          assertThat(counts.get(nextImages.get(row))).as("rows stand together").isEqualTo(1);
        }
      }
      assertThat(counts.values().stream().distinct()).as("as many for each image").hasSize(1);
      images = nextImages;
      texts = nextTexts;
      return logits();
    }

    @Override
    public void close() {}
  }
}
