package io.blipstream.app.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times from creation to visibility, sorted into windows by when the image was created. What was
 * created before the first window or after the last one is left out.
 */
public final class Latencies {

  private final long startMillis;
  private final long windowMillis;
  private final List<long[]> windows = new ArrayList<>();
  private final int[] counts;

  /**
   * @param startMillis when the first window begins, milliseconds since the epoch
   * @param windowMillis how long each is
   * @param windows how many there are, one after the other
   * @param most images in one of them, at most
   */
  public Latencies(long startMillis, long windowMillis, int windows, int most) {
    this.startMillis = startMillis;
    this.windowMillis = windowMillis;
    this.counts = new int[windows];
    for (int i = 0; i < windows; i++) {
      this.windows.add(new long[most]);
    }
  }

  /** An image's outcome was seen. Both in milliseconds since the epoch. */
  public void add(long createdMillis, long seenMillis) {
    if (createdMillis < startMillis) {
      return;
    }
    long window = (createdMillis - startMillis) / windowMillis;
    if (window < counts.length) {
      int i = (int) window;
      if (counts[i] < windows.get(i).length) {
        windows.get(i)[counts[i]++] = seenMillis - createdMillis;
      }
    }
  }

  /**
   * Of each window the time within which this share of its images was answered, in milliseconds.
   *
   * @param share 0 to 1
   */
  public List<Double> quantiles(double share) {
    List<Double> found = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      long[] sorted = Arrays.copyOf(windows.get(i), counts[i]);
      Arrays.sort(sorted);
      int rank = (int) Math.ceil(share * sorted.length) - 1;
      found.add(sorted.length == 0 ? Double.NaN : (double) sorted[Math.max(0, rank)]);
    }
    return found;
  }
}
