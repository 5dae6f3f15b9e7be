package io.blipstream.app.cli.bench;

import io.blipstream.model.ImageDecoding;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.image.ImageDecoder;
import io.blipstream.model.image.ImageLimits;
import io.blipstream.model.image.PillowResize;
import io.blipstream.model.image.RgbImage;
import io.blipstream.model.image.TargetSize;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes and resizes the same images over and over. Processor time is that of the decoding threads
 * alone, so it stays comparable on a machine that has other things to do.
 */
public final class DecodeBench {

  private static final double NANOS = 1e9;
  private static final double WARM_UP = 1.0 / 3;

  private final List<byte[]> images;
  private final int side;
  private final Optional<TargetSize> target;

  /**
   * What a run measured.
   *
   * @param nativeDecoders whether JPEG was read by libjpeg-turbo rather than by the JDK
   * @param threads threads that decoded
   * @param side to which images were resized; 0 if they were not
   * @param images read
   * @param refused unreadable ones
   * @param seconds of the clock
   * @param cpuSeconds of all threads together
   * @param imagesPerSecond read images by the clock
   * @param imagesPerCpuSecond read images by processor time
   */
  public record Result(
      boolean nativeDecoders,
      int threads,
      int side,
      long images,
      long refused,
      double seconds,
      double cpuSeconds,
      double imagesPerSecond,
      double imagesPerCpuSecond) {}

  /**
   * Prepares a measurement.
   *
   * @param images encoded, taken in turn
   * @param side pixels to resize to, as the models need it; 0 to decode only
   * @param decoding whether large JPEGs are decoded at a smaller scale; nothing is, if it is not to
   *     be resized
   */
  public DecodeBench(List<byte[]> images, int side, ImageDecoding decoding) {
    this.images = List.copyOf(images);
    this.side = side;
    this.target =
        decoding == ImageDecoding.SCALED && side > 0
            ? Optional.of(new TargetSize(side, side))
            : Optional.empty();
  }

  /** Runs after a warm-up. */
  public Result run(int threads, double seconds) throws InterruptedException {
    measure(threads, seconds * WARM_UP);
    return measure(threads, seconds);
  }

  private Result measure(int threads, double seconds) throws InterruptedException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * NANOS);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Worker worker = new Worker(end);
      workers.add(worker);
      worker.start();
    }
    for (Worker worker : workers) {
      worker.join();
    }
    double clock = (System.nanoTime() - start) / NANOS;
    double cpu = workers.stream().mapToLong(worker -> worker.cpuNanos).sum() / NANOS;
    long read = workers.stream().mapToLong(worker -> worker.read).sum();
    long refused = workers.stream().mapToLong(worker -> worker.refused).sum();
    return new Result(
        ImageDecoder.isNative(),
        threads,
        side,
        read,
        refused,
        clock,
        cpu,
        read / clock,
        cpu > 0 ? read / cpu : 0);
  }

  /** One thread; its counts may be read after it was joined. */
  private final class Worker extends Thread {
    private final long end;
    private long read;
    private long refused;
    private long cpuNanos;

    Worker(long end) {
      super("decode-bench");
      this.end = end;
    }

    @Override
    public void run() {
      ThreadMXBean clock = ManagementFactory.getThreadMXBean();
      long before = clock.getCurrentThreadCpuTime();
      for (int i = 0; System.nanoTime() < end; i = (i + 1) % images.size()) {
        try {
          RgbImage image = ImageDecoder.decode(images.get(i), ImageLimits.DEFAULT, false, target);
          if (side > 0) {
            PillowResize.bicubic(image, side, side);
          }
          read++;
        } catch (UnreadableImageException e) {
          refused++;
        }
      }
      cpuNanos = clock.getCurrentThreadCpuTime() - before;
    }
  }
}
