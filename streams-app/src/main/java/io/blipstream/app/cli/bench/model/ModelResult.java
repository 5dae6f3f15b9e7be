package io.blipstream.app.cli.bench.model;

import java.util.List;

/**
 * What one JVM measured.
 *
 * @param engine as it describes itself
 * @param flops of one batch, in matrix products
 * @param seconds of each repeat of the batch
 * @param cpuSeconds of the process over all repeats
 * @param peakBytes the most memory that was resident, loading included; 0 where the system does not
 *     tell
 */
public record ModelResult(
    String engine, double flops, List<Double> seconds, double cpuSeconds, long peakBytes) {

  public ModelResult {
    seconds = List.copyOf(seconds);
  }

  /** Busy cores on average. Below the number of threads, they waited or others had the cores. */
  public double coresUsed() {
    return cpuSeconds / seconds.stream().mapToDouble(Double::doubleValue).sum();
  }
}
