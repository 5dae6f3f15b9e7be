package io.blipstream.model.generate;

import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.Strategy.Sampling;
import java.util.Arrays;

/**
 * The tokens that sampling can draw next, with their probabilities, as transformers' warpers leave
 * them: temperature, then top-k (tokens equal to the k-th are kept too), then top-p (the least
 * likely tokens that together have at most 1 - p are dropped, one token at least is kept).
 *
 * <p>Only the likeliest tokens are put in order, never the whole vocabulary.
 */
public final class TokenDistribution {

  private final int[] tokens;
  private final double[] weights;
  private final double total;

  private TokenDistribution(int[] tokens, double[] weights) {
    this.tokens = tokens;
    this.weights = weights;
    this.total = Arrays.stream(weights).sum();
  }

  /**
   * The distribution after a text, with the rules of all settings.
   *
   * @param logits [rows, V]; the row is changed
   * @param text token ids so far, start tokens included
   * @throws IllegalArgumentException if the settings do not sample
   * @throws io.blipstream.model.InferenceException if a logit is not a number
   */
  public static TokenDistribution after(
      FloatRows logits, int row, int endToken, DecodingSettings settings, long... text) {
    if (!(settings.strategy() instanceof Sampling sampling)) {
      throw new IllegalArgumentException(settings.description() + " draws no samples");
    }
    new LogitRules(settings, endToken).apply(logits, row, new TokenSequence(text, text.length));
    return of(logits, row, sampling);
  }

  /** The distribution of a row that the rules have been applied to; changes the row. */
  static TokenDistribution of(FloatRows logits, int row, Sampling sampling) {
    cool(logits, row, (float) sampling.temperature());
    int[] kept = likeliest(logits, row, sampling.topK());
    double[] weights = weights(logits, row, kept);
    if (sampling.topP() < 1) {
      boolean[] nucleus = nucleus(weights, sampling.topP());
      kept = select(kept, nucleus);
      weights = select(weights, nucleus);
    }
    return new TokenDistribution(kept, weights);
  }

  /** Ids that can be drawn, ascending; a copy. */
  public int[] tokens() {
    return tokens.clone();
  }

  /** Their probabilities, which sum to 1. */
  public double[] probabilities() {
    return Arrays.stream(weights).map(weight -> weight / total).toArray();
  }

  /**
   * The token at a point of the distribution, by its inverse: tokens lie side by side in the order
   * of their ids, each as wide as its probability.
   *
   * @param uniform in [0, 1)
   */
  public int at(double uniform) {
    double target = uniform * total;
    double sum = 0;
    int last = -1;
    for (int i = 0; i < tokens.length; i++) {
      if (weights[i] > 0) {
        sum += weights[i];
        last = i;
        if (target < sum) {
          break;
        }
      }
    }
    // Past the end only by rounding: then the last that has any probability.
    return tokens[last];
  }

  private static void cool(FloatRows logits, int row, float temperature) {
    if (temperature != 1) {
      for (int token = 0; token < logits.width(); token++) {
        logits.set(row, token, logits.get(row, token) / temperature);
      }
    }
  }

  /** Tokens whose logit reaches the k-th largest, or all that can be drawn at all. */
  private static int[] likeliest(FloatRows logits, int row, int topK) {
    int width = logits.width();
    float threshold = Float.NEGATIVE_INFINITY;
    if (topK > 0 && topK < width) {
      float[] largest = new float[topK];
      Arrays.fill(largest, Float.NEGATIVE_INFINITY);
      for (int token = 0; token < width; token++) {
        float value = logits.get(row, token);
        if (value > largest[0]) {
          replaceSmallest(largest, value);
        }
      }
      threshold = largest[0];
    }
    int[] kept = new int[width];
    int count = 0;
    for (int token = 0; token < width; token++) {
      float value = logits.get(row, token);
      if (Float.isNaN(value)) {
        throw NextToken.notANumber();
      }
      if (value >= threshold && value != Float.NEGATIVE_INFINITY) {
        kept[count++] = token;
      }
    }
    if (count == 0) {
      throw NextToken.notANumber();
    }
    return Arrays.copyOf(kept, count);
  }

  /** In a heap with the smallest first. */
  private static void replaceSmallest(float[] heap, float value) {
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= heap.length) {
        break;
      }
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = value;
  }

  /** Probabilities, summing to 1 but for rounding. */
  private static double[] weights(FloatRows logits, int row, int... kept) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int token : kept) {
      largest = Math.max(largest, logits.get(row, token));
    }
    double[] weights = new double[kept.length];
    double sum = 0;
    for (int i = 0; i < kept.length; i++) {
      weights[i] = Math.exp(logits.get(row, kept[i]) - largest);
      sum += weights[i];
    }
    if (Double.isNaN(sum)) {
      throw NextToken.notANumber();
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /**
   * Which tokens top-p keeps: from the likeliest on, as long as those from a token downwards have
   * more than 1 - p together; compared in single precision, as the reference does.
   */
  private static boolean[] nucleus(double[] weights, double topP) {
    boolean[] kept = new boolean[weights.length];
    float dropped = (float) (1 - topP);
    HeaviestFirst order = new HeaviestFirst(weights);
    double above = 0;
    for (int i = 0; i < weights.length; i++) {
      int heaviest = order.next();
      if (i > 0 && (float) (1 - above) <= dropped) {
        break;
      }
      kept[heaviest] = true;
      above += weights[heaviest];
    }
    return kept;
  }

  private static int[] select(int[] values, boolean[] kept) {
    int[] selected = new int[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (kept[i]) {
        selected[count++] = values[i];
      }
    }
    return Arrays.copyOf(selected, count);
  }

  private static double[] select(double[] values, boolean[] kept) {
    double[] selected = new double[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (kept[i]) {
        selected[count++] = values[i];
      }
    }
    return Arrays.copyOf(selected, count);
  }
}
