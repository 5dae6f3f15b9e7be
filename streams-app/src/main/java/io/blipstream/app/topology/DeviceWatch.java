package io.blipstream.app.topology;

import io.blipstream.app.batching.DeviceHealth;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the model's health every second: says when it stops to answer and when it answers again,
 * and gives up once it has not for a stated time. Meanwhile nothing is rejected and nothing
 * committed: the images wait.
 */
final class DeviceWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeviceWatch.class);

  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Supplier<DeviceHealth> health;
  private final Optional<Duration> giveUp;
  private final Consumer<DeviceLostException> lost;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "blipstream-watch");
            thread.setDaemon(true);
            return thread;
          });
  private OptionalLong brokenSince = OptionalLong.empty();
  private boolean gaveUp;

  /**
   * @param giveUp how long the model may be broken; empty to wait for ever
   * @param lost told once when that has passed
   */
  DeviceWatch(
      Supplier<DeviceHealth> health,
      Optional<Duration> giveUp,
      Consumer<DeviceLostException> lost,
      LongSupplier nanoTime) {
    this.health = health;
    this.giveUp = giveUp;
    this.lost = lost;
    this.nanoTime = nanoTime;
  }

  void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  void look() {
    DeviceHealth now = health.get();
    long time = nanoTime.getAsLong();
    if (now.isWorking()) {
      if (brokenSince.isPresent()) {
        LOG.info("The model answers again after {} s", broken(time).toSeconds());
      }
      brokenSince = OptionalLong.empty();
    } else if (brokenSince.isEmpty()) {
      brokenSince = OptionalLong.of(time);
      LOG.error("{} Its images wait, uncommitted", now.detail());
    } else if (!gaveUp && giveUp.isPresent() && broken(time).compareTo(giveUp.get()) >= 0) {
      gaveUp = true;
      lost.accept(
          new DeviceLostException(
              "Gave up after %d s: %s Nothing is lost; its images are read again. Look after the device, then start again."
                  .formatted(broken(time).toSeconds(), now.detail())));
    }
  }

  private Duration broken(long time) {
    return Duration.ofNanos(time - brokenSince.orElse(time));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
