package io.blipstream.app.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import io.blipstream.app.batching.BatcherStatistics;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;

/**
 * What a service under measurement has done up to a moment, by its own counts.
 *
 * @param nanos the moment, by a clock of the service's process
 * @param images forwarded
 * @param batches computed
 * @param items images in these batches
 * @param busyNanos that the device was at them
 * @param cpuNanos processor time of the whole process
 * @param brokerCpuNanos processor time of the process that the broker is in; 0 until it is known
 */
public record ServiceSample(
    double nanos,
    double images,
    double batches,
    double items,
    double busyNanos,
    double cpuNanos,
    double brokerCpuNanos) {

  private static final String MARK = "bench-sample";

  /** Now, in this process. */
  public static ServiceSample now(long images, BatcherStatistics batching) {
    return new ServiceSample(
        (double) System.nanoTime(),
        (double) images,
        (double) batching.batches(),
        (double) batching.items(),
        (double) batching.busy().toNanos(),
        processCpuNanos(),
        0);
  }

  private static double processCpuNanos() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return (double) system.getProcessCpuTime();
  }

  /** One line, for the process that measures. */
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "%s %.0f %.0f %.0f %.0f %.0f %.0f",
        MARK,
        nanos,
        images,
        batches,
        items,
        busyNanos,
        cpuNanos);
  }

  /**
   * The sample in a line, received by the process that the broker is in; empty if the line is
   * something else.
   */
  public static Optional<ServiceSample> parse(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 7 || !words[0].equals(MARK)) {
      return Optional.empty();
    }
    return Optional.of(
        new ServiceSample(
            Double.parseDouble(words[1]),
            Double.parseDouble(words[2]),
            Double.parseDouble(words[3]),
            Double.parseDouble(words[4]),
            Double.parseDouble(words[5]),
            Double.parseDouble(words[6]),
            processCpuNanos()));
  }

  /** Between this sample and a later one, when so many images had been forwarded. */
  ServiceSample towards(ServiceSample later, double imagesThen) {
    double share = later.images == images ? 0 : (imagesThen - images) / (later.images - images);
    return new ServiceSample(
        nanos + share * (later.nanos - nanos),
        imagesThen,
        batches + share * (later.batches - batches),
        items + share * (later.items - items),
        busyNanos + share * (later.busyNanos - busyNanos),
        cpuNanos + share * (later.cpuNanos - cpuNanos),
        brokerCpuNanos + share * (later.brokerCpuNanos - brokerCpuNanos));
  }
}
