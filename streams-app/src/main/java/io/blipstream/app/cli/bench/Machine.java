package io.blipstream.app.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a measurement ran on, as far as it decides the figures.
 *
 * @param cpu its model, as the system names it
 * @param cores that this process may use
 * @param memoryBytes of the machine, or of the container
 * @param jdk runtime version and virtual machine
 * @param os name, version and architecture
 * @param blipstream version of this program
 * @param loadAtStart load average of the last minute before the measurement; below 0 where the
 *     system does not tell. Well above 0: others were at work, and figures are too low
 */
public record Machine(
    String cpu,
    int cores,
    long memoryBytes,
    String jdk,
    String os,
    String blipstream,
    double loadAtStart) {

  private static final double GIB = 1L << 30;

  /**
   * This machine, now.
   *
   * @param blipstream version of this program
   */
  public static Machine here(String blipstream) {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Machine(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize(),
        System.getProperty("java.runtime.version") + " " + System.getProperty("java.vm.name"),
        system.getName() + " " + system.getVersion() + " " + system.getArch(),
        blipstream,
        system.getSystemLoadAverage());
  }

  private static String cpuModel() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException | RuntimeException e) {
      return "unknown";
    }
  }

  /** In what another machine differs from this one; versions of this program and load do not. */
  List<String> differences(Machine other) {
    List<String> found = new ArrayList<>();
    differ(found, "CPU", cpu, other.cpu);
    differ(found, "cores", Integer.toString(cores), Integer.toString(other.cores));
    // A kernel keeps some of the memory to itself, not always the same.
    if (Math.abs(memoryBytes - other.memoryBytes) > 0.02 * memoryBytes) {
      found.add("memory " + gib(other.memoryBytes) + ", now " + gib(memoryBytes));
    }
    differ(found, "JDK", jdk, other.jdk);
    differ(found, "system", os, other.os);
    return found;
  }

  private static void differ(List<String> found, String what, String now, String before) {
    if (!now.equals(before)) {
      found.add(what + " " + before + ", now " + now);
    }
  }

  private static String gib(long bytes) {
    return Numbers.shortest(bytes / GIB) + " GiB";
  }

  /** In one line. */
  String inWords() {
    return "%s, %d cores, %s; JDK %s; %s; %s; load at start %s"
        .formatted(
            cpu, cores, gib(memoryBytes), jdk, os, blipstream, Numbers.shortest(loadAtStart));
  }
}
