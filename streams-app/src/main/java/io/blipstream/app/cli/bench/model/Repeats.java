package io.blipstream.app.cli.bench.model;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * The same work over and over.
 *
 * @param seconds of each repeat
 * @param cpuSeconds of this process over all of them
 */
record Repeats(List<Double> seconds, double cpuSeconds) {

  private static final double NANOS = 1e9;
  private static final double WARM_UP = 0.2;

  /**
   * Measures after a warm-up of one repeat at least.
   *
   * @param budget in seconds; spent, and no more begun, once there are enough repeats
   * @param least repeats
   */
  static Repeats of(Runnable work, double budget, int least) {
    run(work, budget * WARM_UP, 1);
    long before = cpuNanos();
    List<Double> seconds = run(work, budget, least);
    return new Repeats(seconds, (cpuNanos() - before) / NANOS);
  }

  private static List<Double> run(Runnable work, double budget, int least) {
    List<Double> seconds = new ArrayList<>();
    double spent = 0;
    while (seconds.size() < least || spent < budget) {
      long start = System.nanoTime();
      work.run();
      double one = (System.nanoTime() - start) / NANOS;
      seconds.add(one);
      spent += one;
    }
    return seconds;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
