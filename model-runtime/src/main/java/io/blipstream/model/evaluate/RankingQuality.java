package io.blipstream.model.evaluate;

import java.util.Arrays;
import java.util.List;

/** How well a score tells two groups apart. */
final class RankingQuality {

  private RankingQuality() {}

  /**
   * Area under the ROC curve: the chance that a positive scores higher than a negative, a tie
   * counting half. NaN where a group is empty.
   */
  static double auc(List<Float> positives, List<Float> negatives) {
    float[] sorted = new float[negatives.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = negatives.get(i);
    }
    Arrays.sort(sorted);
    double wins = 0;
    for (float positive : positives) {
      int below = countBelow(sorted, positive);
      int upTo = countBelow(sorted, Math.nextUp(positive));
      wins += below + 0.5 * (upTo - below);
    }
    return wins / ((double) positives.size() * negatives.size());
  }

  private static int countBelow(float[] sorted, float value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
