package io.blipstream.app.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.blipstream.schemas.ImageEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code bench stream} and {@code bench pipe} compute from what they see. */
class StreamMeasuresTest {

  private static ServiceSample sample(double seconds, double images) {
    return new ServiceSample(
        seconds * 1e9, images, images / 50, images, seconds * 0.8e9, images * 2e6, images * 1e6);
  }

  @Test
  void shouldMeasureBetweenTwoCountsWhereverSamplesFall() {
    ServiceSamples samples = new ServiceSamples();
    samples.add(sample(0, 0));
    samples.add(sample(1, 100));
    samples.add(sample(2, 300));
    samples.add(sample(3, 300));
    samples.add(sample(4, 500));
    ServiceSamples.Window window = samples.between(50, 400);
    assertThat(window.imagesPerSecond()).isEqualTo(350 / 3.0, within(1e-9));
    assertThat(window.perBatch()).isEqualTo(50, within(1e-9));
    assertThat(window.busy()).isEqualTo(0.8, within(1e-9));
    assertThat(window.cpuMillis()).isEqualTo(2, within(1e-9));
    assertThat(window.brokerCpuMillis()).isEqualTo(1, within(1e-9));
    assertThat(samples.images()).isEqualTo(500);
    assertThatThrownBy(() -> samples.between(50, 501)).hasMessageContaining("501");
  }

  @Test
  void shouldPassSamplesOnFromOneProcessToAnother() {
    ServiceSample sample = new ServiceSample(1e15, 2, 3, 4, 5, 6, 0);
    ServiceSample received = ServiceSample.parse(sample.toLine()).orElseThrow();
    assertThat(received)
        .usingRecursiveComparison()
        .ignoringFields("brokerCpuNanos")
        .isEqualTo(sample);
    assertThat(received.brokerCpuNanos()).isPositive();
    assertThat(ServiceSample.parse("Judging bench-1-images at b:9092 with x and y")).isEmpty();
  }

  @Test
  void shouldMeasureAllOfTheBacklogButItsEnds() {
    Backlog backlog = Backlog.ofRate(100, 2, 5, 3);
    assertThat(backlog).isEqualTo(new Backlog(200, 500, 3, 100));
    assertThat(backlog.images()).isEqualTo(1800);
    ServiceSamples samples = new ServiceSamples();
    samples.add(sample(0, 0));
    samples.add(sample(10, 200)); // Slow while it warms up.
    samples.add(sample(25, 1700));
    samples.add(sample(99, 1800)); // And slow at the end.
    assertThat(backlog.measured(samples))
        .hasSize(3)
        .allSatisfy(window -> assertThat(window.imagesPerSecond()).isEqualTo(100, within(1e-6)));
    assertThat(Backlog.ofImages(1000, 3).images()).isBetween(990, 1000);
  }

  @Test
  void shouldSortLatenciesIntoWindowsByCreation() {
    Latencies latencies = new Latencies(1000, 100, 2, 1000);
    latencies.add(999, 9999); // Too early.
    latencies.add(1200, 9999); // Too late.
    for (int i = 0; i < 100; i++) {
      latencies.add(1000 + i, 1000 + i + i + 1);
      latencies.add(1100 + i, 1100 + i + 2 * (i + 1));
    }
    assertThat(latencies.quantiles(0.5)).containsExactly(50.0, 100.0);
    assertThat(latencies.quantiles(0.99)).containsExactly(99.0, 198.0);
  }

  @Test
  void shouldFindWhatIsLostAndWhatIsThereTwice() {
    OutcomeTally tally = new OutcomeTally(3);
    for (int number = 0; number < 3; number++) {
      tally.confidence(key(number));
      tally.text(key(number));
      tally.text(key(number));
    }
    assertThat(tally.lost()).isZero();
    assertThat(tally.duplicated()).isZero();
    tally.text(key(1));
    tally.confidence(key(2));
    tally.confidence(key(2));
    assertThat(tally.duplicated()).isEqualTo(3);
    tally.confidence(key(3));
    tally.text("other".getBytes(StandardCharsets.UTF_8));
    assertThat(tally.duplicated()).as("with strangers").isEqualTo(5);
    OutcomeTally gaps = new OutcomeTally(2);
    gaps.confidence(key(0));
    gaps.text(key(0));
    gaps.text(key(1));
    gaps.text(key(1));
    assertThat(gaps.lost()).isEqualTo(2);
    assertThat(gaps.duplicated()).isZero();
  }

  private static byte[] key(int number) {
    ImageEvent event = new BenchEvents(10).event(number);
    assertThat(event.getContent().remaining()).isEqualTo(10);
    return event.getId().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldKnowWhatADeviceCanDo() {
    assertThat(SimulatedDevice.parse("20+0.2").ceiling(64)).isEqualTo(1951.2, within(0.1));
    assertThat(SimulatedDevice.parse("5+0.02").ceiling(64)).isEqualTo(10191.1, within(0.1));
    assertThat(SimulatedDevice.parse("20+0.2")).hasToString("20+0.2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "20+", "-1+2", "0+0", "a+b", "20 + 0.2"})
  void shouldRefuseWhatIsNoDevice(String text) {
    assertThatThrownBy(() -> SimulatedDevice.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldReadSizes() {
    assertThat(ByteSize.parse("1KB").bytes()).isEqualTo(1024);
    assertThat(ByteSize.parse("100 kb")).hasToString("100KB");
    assertThat(ByteSize.parse("2MB").bytes()).isEqualTo(2 << 20);
    assertThat(ByteSize.parse("700b")).hasToString("700B");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0KB", "1", "1GB", "-1KB", "9999999MB", "1.5KB"})
  void shouldRefuseWhatIsNoSize(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
