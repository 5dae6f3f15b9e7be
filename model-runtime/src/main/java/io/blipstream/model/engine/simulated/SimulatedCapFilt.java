package io.blipstream.model.engine.simulated;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.InferenceException;
import io.blipstream.model.Judgement;
import io.blipstream.model.ModelDescription;
import io.blipstream.model.OutOfDeviceMemoryException;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.image.ImageDecoder;
import io.blipstream.model.image.ImageLimits;
import io.blipstream.model.image.PillowResize;
import io.blipstream.model.image.RgbImage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A device that is a clock: it answers from {@link SimulatedAnswers} after the time that {@link
 * SimulatedSettings} states, and fails, runs out of memory and hangs as they say.
 *
 * <p>A failing image is the image's fault and fails again wherever it comes; a hang is the moment's
 * and hits a batch by its number since the start.
 */
public final class SimulatedCapFilt implements CapFilt {

  private static final String NO_WEIGHTS = "0".repeat(64);

  private final SimulatedSettings settings;
  private final SplittableRandom hangs;

  public SimulatedCapFilt(SimulatedSettings settings) {
    this.settings = settings;
    this.hangs = new SplittableRandom(settings.answers().seed());
  }

  private record Pixels(RgbImage image) implements PreparedImage {
    @Override
    public long sizeInBytes() {
      return image.rgb().length;
    }
  }

  private record Anything() implements PreparedImage {
    @Override
    public long sizeInBytes() {
      return 0;
    }
  }

  @Override
  public PreparedImage prepare(byte[] encoded) throws UnreadableImageException {
    int side = settings.imageSide();
    return side == 0
        ? new Anything()
        : new Pixels(
            PillowResize.bicubic(ImageDecoder.decode(encoded, ImageLimits.DEFAULT), side, side));
  }

  /**
   * @throws OutOfDeviceMemoryException at once, if the batch is larger than memory is said to be
   * @throws InferenceException if an image of the batch is one that fails, or if the thread is
   *     interrupted: that ends the wait for this batch and nothing else
   */
  @Override
  public List<Judgement> judge(List<CapFiltInput> batch) {
    if (batch.isEmpty()) {
      return List.of();
    }
    int most = settings.outOfMemoryAbove();
    if (most > 0 && batch.size() > most) {
      throw new OutOfDeviceMemoryException(
          "simulated: no memory for %d images, only for %d".formatted(batch.size(), most));
    }
    long start = System.nanoTime();
    Duration time = settings.perBatch().plus(settings.perItem().multipliedBy(batch.size()));
    if (hangs.nextDouble() < settings.hangRate()) {
      time = time.plus(settings.hangTime());
    }
    // Made up within the stated time: a device has no more than that, however busy the processor.
    Optional<CapFiltInput> failing =
        batch.stream().filter(input -> settings.answers().failsOn(input.imageId())).findFirst();
    List<Judgement> judgements =
        failing.isPresent()
            ? List.of()
            : batch.stream()
                .map(input -> settings.answers().judgement(input.imageId(), input.webTexts()))
                .toList();
    sleepUntil(start + time.toNanos());
    if (failing.isPresent()) {
      throw new InferenceException("simulated: the model fails on " + failing.get().imageId());
    }
    return judgements;
  }

  private static void sleepUntil(long deadline) {
    // Not Thread.sleep: before JDK 21 that rounds up to whole milliseconds.
    for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
      // Cleared, not restored: the owner of the device gave up on this batch, not on the device.
      if (Thread.interrupted()) {
        throw new InferenceException("simulated: interrupted while computing");
      }
    }
  }

  @Override
  public ModelDescription description() {
    SimulatedAnswers answers = settings.answers();
    return new ModelDescription(
        "simulated",
        NO_WEIGHTS,
        "simulated",
        NO_WEIGHTS,
        "simulated seed=" + answers.seed(),
        "simulated seed=" + answers.seed(),
        "simulated, %s ms a batch and %s ms an image"
            .formatted(millis(settings.perBatch()), millis(settings.perItem())));
  }

  private static String millis(Duration time) {
    double millis = time.toNanos() / 1e6;
    return millis == Math.rint(millis) ? Long.toString((long) millis) : Double.toString(millis);
  }

  @Override
  public void close() {}
}
