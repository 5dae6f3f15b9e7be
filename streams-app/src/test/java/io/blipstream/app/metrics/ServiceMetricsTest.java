package io.blipstream.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.app.topology.Place;
import io.blipstream.app.topology.ProcessingStage;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.schemas.RejectStage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceMetricsTest {

  private final ServiceView view = new ServiceView();
  private final ServiceMetrics metrics = new ServiceMetrics(view);
  private final FakeService service = new FakeService();

  @AfterEach
  void close() {
    metrics.close();
  }

  private static TaskStatistics task(int partition, int records) {
    return new TaskStatistics(
        "images", partition, records, 100L * records, records, Duration.ofSeconds(2));
  }

  private static Verdict verdict(TextSource source, boolean accepted) {
    return new Verdict(
        new TextScore("a dog", source, 0.5f, 0.1f),
        accepted
            ? Optional.empty()
            : Optional.of(new Refusal(RejectStage.FILTER, "TEXT_NOT_MATCHED", "No.")));
  }

  private List<String> scraped(String name) {
    return metrics.scrape().lines().filter(line -> line.matches(name + "(\\{.*)? .*")).toList();
  }

  /** The other way round, too: nothing is told that the enum does not document. */
  @Test
  void shouldTellEveryDocumentedMetricWithItsTypeAndLabels() {
    view.started(service.images(80).rejects("TEXT_NOT_MATCHED", 80).windows(task(0, 3)));
    String text = metrics.scrape();
    Set<String> told = new TreeSet<>();
    for (String line : text.lines().filter(l -> l.startsWith("blipstream_")).toList()) {
      String series = line.split("[ {]", 2)[0];
      Optional<Metric> metric = Metric.ofSeries(series);
      assertThat(metric).as(series).isPresent();
      told.add(metric.get().prometheusName());
      Set<String> labels =
          java.util.regex.Pattern.compile("([a-z_]+)=\"")
              .matcher(line)
              .results()
              .map(match -> match.group(1))
              .filter(label -> !label.equals("le"))
              .collect(Collectors.toSet());
      assertThat(labels).as(line).containsExactlyInAnyOrderElementsOf(metric.get().labels());
    }
    for (Metric metric : Metric.values()) {
      assertThat(told).contains(metric.prometheusName());
      String type =
          metric.type() == Metric.Type.INFO
              ? "gauge"
              : metric.type().name().toLowerCase(java.util.Locale.ROOT);
      assertThat(text).contains("# TYPE " + metric.prometheusName() + " " + type + "\n");
    }
  }

  @Test
  void shouldReadTheServicesCountsWhenAsked() {
    view.started(service.images(80).rejects("TEXT_NOT_MATCHED", 79));
    assertThat(scraped("blipstream_images_total")).containsExactly("blipstream_images_total 80.0");
    assertThat(scraped("blipstream_rejects_total"))
        .containsExactly("blipstream_rejects_total{reason=\"TEXT_NOT_MATCHED\"} 79.0");
    service.images(100).rejects("FETCH_TIMEOUT", 1).device(DeviceHealth.State.HANGING);
    assertThat(scraped("blipstream_images_total")).containsExactly("blipstream_images_total 100.0");
    assertThat(scraped("blipstream_rejects_total"))
        .contains("blipstream_rejects_total{reason=\"FETCH_TIMEOUT\"} 1.0");
    assertThat(scraped("blipstream_device_working"))
        .containsExactly("blipstream_device_working 0.0");
    assertThat(scraped("blipstream_ready")).containsExactly("blipstream_ready 0.0");
    assertThat(scraped("blipstream_model_info").get(0)).contains("captioner_digest=\"c0ffee\"");
  }

  @Test
  void shouldForgetThePartitionsThatWentElsewhere() {
    view.started(service.windows(task(0, 3), task(1, 5)));
    assertThat(scraped("blipstream_window_records"))
        .containsExactlyInAnyOrder(
            "blipstream_window_records{partition=\"0\"} 3.0",
            "blipstream_window_records{partition=\"1\"} 5.0");
    service.windows(task(1, 4));
    assertThat(scraped("blipstream_window_records"))
        .containsExactly("blipstream_window_records{partition=\"1\"} 4.0");
    service.windows();
    assertThat(scraped("blipstream_window_records")).isEmpty();
  }

  @Test
  void shouldCountStagesAndVerdictsAsTheyHappen() {
    metrics.onStage(ProcessingStage.DECODE, Duration.ofMillis(3).toNanos());
    metrics.onStage(ProcessingStage.DECODE, Duration.ofMillis(300).toNanos());
    metrics.onOutcome(
        new Judged(
            new Place("images", 0, 1),
            "id",
            List.of(
                verdict(TextSource.WEB, false),
                verdict(TextSource.SYNTHETIC, true),
                verdict(TextSource.SYNTHETIC, true))));
    assertThat(scraped("blipstream_stage_seconds_bucket"))
        .contains(
            "blipstream_stage_seconds_bucket{stage=\"decode\",le=\"0.002\"} 0",
            "blipstream_stage_seconds_bucket{stage=\"decode\",le=\"0.005\"} 1",
            "blipstream_stage_seconds_bucket{stage=\"decode\",le=\"+Inf\"} 2");
    assertThat(scraped("blipstream_verdicts_total"))
        .contains(
            "blipstream_verdicts_total{source=\"web\",verdict=\"rejected\"} 1.0",
            "blipstream_verdicts_total{source=\"synthetic\",verdict=\"accepted\"} 2.0",
            "blipstream_verdicts_total{source=\"synthetic\",verdict=\"rejected\"} 0.0");
  }

  @Test
  void shouldTellOfTheProcessBeforeThereIsAService() {
    assertThat(scraped("blipstream_images_total")).isEmpty();
    assertThat(scraped("blipstream_ready")).containsExactly("blipstream_ready 0.0");
    assertThat(scraped("jvm_memory_used_bytes")).isNotEmpty();
    assertThat(scraped("process_cpu_usage")).isNotEmpty();
  }

  @Test
  void shouldPassOnKafkasOwnByMicrometersNames() {
    Map<String, String> client = Map.of("client-id", "c-1");
    Map<String, String> partition = Map.of("client-id", "c-1", "topic", "images", "partition", "0");
    view.started(
        service
            .kafka("consumer-fetch-manager-metrics", "records-lag-max", client, 12.0)
            .kafka("consumer-fetch-manager-metrics", "records-lag", partition, 5.0)
            .kafka(
                "consumer-fetch-manager-metrics",
                "records-lag",
                Map.of("client-id", "c-1", "topic", "images", "partition", "1"),
                Double.NaN)
            .kafka("stream-thread-metrics", "process-total", Map.of("thread-id", "t-1"), 99.0)
            .kafka("stream-thread-metrics", "process-total", Map.of("thread-id", "t-2"), 1.0)
            .kafka("stream-metrics", "state", client, "RUNNING")
            .kafka("app-info", "start-time-ms", client, 1.0));
    assertThat(scraped("kafka_consumer_fetch_manager_records_lag_max"))
        .containsExactly("kafka_consumer_fetch_manager_records_lag_max{client_id=\"c-1\"} 12.0");
    assertThat(scraped("kafka_stream_thread_process_total"))
        .containsExactlyInAnyOrder(
            "kafka_stream_thread_process_total{thread_id=\"t-1\"} 99.0",
            "kafka_stream_thread_process_total{thread_id=\"t-2\"} 1.0");
    assertThat(scraped("blipstream_unread_records"))
        .containsExactly("blipstream_unread_records 5.0");
    assertThat(metrics.scrape()).doesNotContain("kafka_stream_state", "kafka_app_info");
  }

  @Test
  void shouldGiveRatesBetweenTwoMoments() throws InterruptedException {
    RecentStatistics recent = new RecentStatistics();
    assertThat(recent.add(ServiceStatistics.of(service.images(80)))).isEmpty();
    Thread.sleep(250);
    ServiceStatistics later = ServiceStatistics.of(service.images(160));
    var rates = recent.add(later).orElseThrow();
    assertThat(rates.imagesPerSecond()).isBetween(1.0, 320.0);
    assertThat(rates.textsPerSecond()).isEqualTo(2 * rates.imagesPerSecond());
    assertThat(rates.imagesPerBatch()).isEqualTo(8);
    assertThat(rates.batchFill()).isEqualTo(0.5);
    assertThat(rates.deviceBusy()).isBetween(0.0, 1.0);
    assertThat(StatisticsJson.of(later, Optional.of(rates)).at("/rates/batchFill").asDouble())
        .isEqualTo(0.5);
  }
}
