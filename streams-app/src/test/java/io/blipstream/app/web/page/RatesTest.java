package io.blipstream.app.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.batching.BatcherStatistics;
import io.blipstream.app.metrics.FakeService;
import io.blipstream.app.metrics.ServiceStatistics;
import io.blipstream.app.topology.OutcomeCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RatesTest {

  private static final int BATCH_SIZE = 16;

  private final Rates rates = new Rates();

  /** All since the start; every image has one text and was judged in a batch. */
  private void add(double second, long images, long batches, double busySeconds) {
    ServiceStatistics any = ServiceStatistics.of(new FakeService());
    rates.add(
        new ServiceStatistics(
            Instant.EPOCH.plus(seconds(second)),
            any.stream(),
            any.model(),
            any.device(),
            new OutcomeCounts(images, images, images, images, 0, 0, new TreeMap<>()),
            any.inFlight(),
            any.tasks(),
            any.windowRecords(),
            new BatcherStatistics(
                batches,
                images,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                seconds(busySeconds),
                Duration.ZERO,
                Duration.ZERO,
                BATCH_SIZE,
                BATCH_SIZE),
            0,
            0.5));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private double imagesPerSecond() {
    return rates.perSecond(OutcomeCounts::images);
  }

  @Test
  void shouldTellNothingBeforeThereAreTwoSamples() {
    assertThat(imagesPerSecond()).isZero();
    assertThat(rates.busy()).isZero();
    assertThat(rates.fill()).isEmpty();
    add(7, 1000, 100, 5);
    assertThat(imagesPerSecond()).isZero();
    assertThat(rates.busy()).isZero();
    assertThat(rates.fill()).isEmpty();
  }

  @Test
  void shouldTakeTheTimeBetweenSamplesAsItWas() {
    add(0, 0, 0, 0);
    add(0.5, 20, 2, 0.25);
    assertThat(imagesPerSecond()).isEqualTo(40);
    assertThat(rates.busy()).isEqualTo(0.5);
    assertThat(rates.fill()).hasValue(10.0 / BATCH_SIZE);
  }

  @Test
  void shouldLevelOutABurstAndForgetItAfterFiveSeconds() {
    add(0, 0, 0, 0);
    add(1, 60, 4, 0.5);
    for (int second = 2; second <= 5; second++) {
      add(second, 60, 4, 0.5);
    }
    assertThat(imagesPerSecond()).isEqualTo(12);
    assertThat(rates.busy()).isEqualTo(0.1);
    assertThat(rates.fill()).hasValue(15.0 / BATCH_SIZE);
    add(6, 60, 4, 0.5);
    assertThat(imagesPerSecond()).isZero();
    assertThat(rates.busy()).isZero();
    assertThat(rates.fill()).as("there was no batch").isEmpty();
  }
}
