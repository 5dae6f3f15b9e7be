package io.blipstream.app.cli.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Images that wait in the topic before the service starts, and how they are divided: first those to
 * warm up with, then those of each measured window, then some more, so that the last window does
 * not see the end of the backlog.
 *
 * @param warmUp images
 * @param window images in each window
 * @param windows how many
 * @param rest images
 */
public record Backlog(int warmUp, int window, int windows, int rest) {

  /** For a service that is expected to go at a rate, which it need not reach. */
  public static Backlog ofRate(double rate, double warmUpSeconds, double seconds, int windows) {
    return new Backlog(
        (int) (rate * warmUpSeconds), (int) Math.ceil(rate * seconds), windows, (int) rate);
  }

  /** Of so many images; nearly half of them to warm up, since nobody knows how long they take. */
  public static Backlog ofImages(int images, int windows) {
    int warmUp = (int) (images * 0.45);
    int rest = (int) (images * 0.05);
    return new Backlog(warmUp, (images - warmUp - rest) / windows, windows, rest);
  }

  public int images() {
    return warmUp + windows * window + rest;
  }

  /** The measured windows of a service that has worked it off. */
  public List<ServiceSamples.Window> measured(ServiceSamples samples) {
    List<ServiceSamples.Window> measured = new ArrayList<>();
    for (int i = 0; i < windows; i++) {
      measured.add(samples.between(warmUp + (long) i * window, warmUp + (i + 1L) * window));
    }
    return measured;
  }
}
