package io.blipstream.app.cli.bench;

import java.util.ArrayList;
import java.util.List;

/** The samples of one service, in order of time; written by one thread, read by another. */
public final class ServiceSamples {

  private final List<ServiceSample> samples = new ArrayList<>();

  /**
   * What happened between two moments.
   *
   * @param imagesPerSecond forwarded
   * @param perBatch images in a batch, mean
   * @param busy share of the time that the device was at a batch, 0 to 1
   * @param cpuMillis processor time of the service's process for an image
   * @param brokerCpuMillis processor time of the broker's process for an image
   */
  public record Window(
      double imagesPerSecond,
      double perBatch,
      double busy,
      double cpuMillis,
      double brokerCpuMillis) {}

  /** Adds the newest. */
  public synchronized void add(ServiceSample sample) {
    samples.add(sample);
  }

  /** Images forwarded so far. */
  public synchronized long images() {
    return samples.isEmpty() ? 0 : Math.round(samples.get(samples.size() - 1).images());
  }

  /**
   * From the moment at which so many images had been forwarded to that at which so many had.
   *
   * @throws IllegalArgumentException if there were not so many
   */
  public synchronized Window between(long fromImages, long toImages) {
    ServiceSample from = at(fromImages);
    ServiceSample to = at(toImages);
    double nanos = to.nanos() - from.nanos();
    double images = to.images() - from.images();
    return new Window(
        images * 1e9 / nanos,
        (to.items() - from.items()) / (to.batches() - from.batches()),
        (to.busyNanos() - from.busyNanos()) / nanos,
        (to.cpuNanos() - from.cpuNanos()) / 1e6 / images,
        (to.brokerCpuNanos() - from.brokerCpuNanos()) / 1e6 / images);
  }

  private ServiceSample at(long images) {
    ServiceSample before = null;
    for (ServiceSample sample : samples) {
      if (sample.images() >= images) {
        return before == null ? sample : before.towards(sample, (double) images);
      }
      before = sample;
    }
    throw new IllegalArgumentException("The service has not forwarded " + images + " images");
  }
}
