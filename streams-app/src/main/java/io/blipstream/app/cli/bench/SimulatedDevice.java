package io.blipstream.app.cli.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device that takes a stated time: what the stream around it is measured against.
 *
 * @param batchMillis that every batch takes
 * @param itemMillis that every image of a batch adds
 */
public record SimulatedDevice(double batchMillis, double itemMillis) {

  /** One that takes no time: the stream alone is the limit. */
  public static final SimulatedDevice NONE = new SimulatedDevice(0, 0);

  private static final Pattern WRITTEN = Pattern.compile("(\\d+(?:\\.\\d+)?)\\+(\\d+(?:\\.\\d+)?)");

  /**
   * Reads {@code 20+0.2}: milliseconds a batch plus milliseconds an image.
   *
   * @throws IllegalArgumentException if it is written otherwise, or takes no time
   */
  public static SimulatedDevice parse(String text) {
    Matcher matcher = WRITTEN.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no device; write milliseconds a batch plus milliseconds an image: 20+0.2"
              .formatted(text));
    }
    SimulatedDevice device =
        new SimulatedDevice(
            Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
    if (device.batchMillis + device.itemMillis <= 0) {
      throw new IllegalArgumentException("A device that takes no time has no ceiling: bench pipe.");
    }
    return device;
  }

  /** Images a second in full batches without a pause between them; infinite if it takes no time. */
  public double ceiling(int batch) {
    return 1000 * batch / (batchMillis + batch * itemMillis);
  }

  @Override
  public String toString() {
    return Numbers.shortest(batchMillis) + "+" + Numbers.shortest(itemMillis);
  }
}
