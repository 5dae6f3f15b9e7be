package io.blipstream.app.metrics;

import java.util.List;
import java.util.Optional;

/**
 * The figures of the service that {@code /metrics} shows, by the names that Prometheus knows them
 * by. Beside them stand Kafka's own ({@code kafka_…}), the JVM's ({@code jvm_…}) and the process's
 * ({@code process_…}, {@code system_…}). A counter starts at 0 with the process.
 */
public enum Metric {
  IMAGES(
      Type.COUNTER,
      "blipstream_images_total",
      "images",
      List.of(),
      "Image events that have their outcome, judged or rejected. The transaction that carries it"
          + " may yet be aborted; it is then counted again."),
  IMAGES_REJECTED(
      Type.COUNTER,
      "blipstream_images_rejected_total",
      "images",
      List.of(),
      "Image events that could not be judged and were rejected as a whole."),
  TEXTS(
      Type.COUNTER,
      "blipstream_texts_total",
      "texts",
      List.of(),
      "Texts considered: web texts and written captions."),
  VERDICTS(
      Type.COUNTER,
      "blipstream_verdicts_total",
      "texts",
      List.of("source", "verdict"),
      "Texts by where they come from (source: web, synthetic) and what became of them (verdict:"
          + " accepted, rejected)."),
  REJECTS(
      Type.COUNTER,
      "blipstream_rejects_total",
      "records",
      List.of("reason"),
      "Reject records by reason code, such as TEXT_NOT_MATCHED or FETCH_TIMEOUT."),
  CONSERVATION_GAP(
      Type.GAUGE,
      "blipstream_conservation_gap",
      "records",
      List.of(),
      "Outcome records too many or too few for the images and texts counted. Anything but 0 is a"
          + " defect of the service."),
  STAGE_LATENCY(
      Type.HISTOGRAM,
      "blipstream_stage_seconds",
      "seconds",
      List.of("stage"),
      "Time that a stage takes. Of an image: fetch (its link), decode, wait (for the device, from"
          + " decoded to the start of its batch), total (from read off Kafka to its outcome). Of a"
          + " batch: encode, caption, filter; not all models tell these."),
  BATCHES(
      Type.COUNTER,
      "blipstream_batches_total",
      "batches",
      List.of(),
      "Calls of the model, parts of failed batches included."),
  BATCH_IMAGES(
      Type.COUNTER,
      "blipstream_batch_images_total",
      "images",
      List.of(),
      "Images that the model judged. Over blipstream_batches_total it is the mean batch size; over"
          + " that and blipstream_batch_limit_images it is the fill."),
  BATCH_LIMIT(
      Type.GAUGE,
      "blipstream_batch_limit_images",
      "images",
      List.of(),
      "Most images of a batch: batch.size, on a CPU divided by the cores, which have a batch each."),
  BATCH_MEMORY_LIMIT(
      Type.GAUGE,
      "blipstream_batch_memory_limit_images",
      "images",
      List.of(),
      "Most images of a batch that fit into the device's memory, as far as is known; below"
          + " blipstream_batch_limit_images memory is short."),
  BATCH_FILL(
      Type.GAUGE,
      "blipstream_batch_fill_ratio",
      "ratio",
      List.of(),
      "Mean share of the batch size that was used since the start, 0 to 1."),
  BATCH_FAILURES(
      Type.COUNTER,
      "blipstream_batch_failures_total",
      "batches",
      List.of(),
      "Calls of the model that failed; their images are tried again in smaller batches."),
  BATCH_OUT_OF_MEMORY(
      Type.COUNTER,
      "blipstream_batch_out_of_memory_total",
      "batches",
      List.of(),
      "Failed calls of the model that did not fit into the device's memory."),
  DEVICE_PROBES(
      Type.COUNTER,
      "blipstream_device_probes_total",
      "probes",
      List.of(),
      "Calls with an image that the model must be able to judge, to tell a bad image from a dead"
          + " device."),
  DEVICE_BUSY(
      Type.COUNTER,
      "blipstream_device_busy_seconds_total",
      "seconds",
      List.of(),
      "Time that the device spent in batches, finished calls only, on a CPU the mean of its cores;"
          + " its rate is the busy share."),
  DEVICE_RUNNING(
      Type.GAUGE,
      "blipstream_device_running_seconds",
      "seconds",
      List.of(),
      "How long the oldest batch that is being computed has taken so far; 0 when idle."),
  DEVICE_WORKING(
      Type.GAUGE,
      "blipstream_device_working",
      "",
      List.of(),
      "1 while the model answers, 0 while it hangs or fails on everything; images then wait."),
  QUEUE_IMAGES(
      Type.GAUGE,
      "blipstream_queue_images",
      "images",
      List.of(),
      "Prepared images that wait for the model."),
  QUEUE_BYTES(
      Type.GAUGE,
      "blipstream_queue_bytes",
      "bytes",
      List.of(),
      "Bytes of prepared images that wait for the model."),
  IN_FLIGHT_RECORDS(
      Type.GAUGE,
      "blipstream_in_flight_records",
      "records",
      List.of(),
      "Image events that were read and have no outcome yet."),
  IN_FLIGHT_BYTES(
      Type.GAUGE,
      "blipstream_in_flight_bytes",
      "bytes",
      List.of(),
      "Bytes of the image events in flight."),
  IN_FLIGHT_DROPPED(
      Type.COUNTER,
      "blipstream_in_flight_dropped_records_total",
      "records",
      List.of(),
      "Records in flight when their partition went elsewhere; the new owner reads them again."),
  WINDOW_RECORDS(
      Type.GAUGE,
      "blipstream_window_records",
      "records",
      List.of("partition"),
      "Records in the in-flight window of a partition."),
  WINDOW_BYTES(
      Type.GAUGE,
      "blipstream_window_bytes",
      "bytes",
      List.of("partition"),
      "Bytes in the in-flight window of a partition."),
  WINDOW_LIMIT(
      Type.GAUGE,
      "blipstream_window_limit_records",
      "records",
      List.of(),
      "Most records of a window as configured (window.records); at the limit a partition waits for"
          + " the model."),
  WINDOW_OVERFLOWS(
      Type.COUNTER,
      "blipstream_window_overflows_total",
      "records",
      List.of(),
      "Records taken beyond the bounds of their window because the stream thread had no"
          + " outcome for as long as it may wait. Rises where the model stands still."),
  WINDOW_OLDEST(
      Type.GAUGE,
      "blipstream_window_oldest_seconds",
      "seconds",
      List.of("partition"),
      "How long the oldest record of a partition's window has been in flight; 0 if there is none."),
  HELD_OFFSET_LAG(
      Type.GAUGE,
      "blipstream_held_offset_lag",
      "offsets",
      List.of("partition"),
      "By how many offsets commits of a partition are held behind what was read: what a successor"
          + " would read again."),
  UNREAD_RECORDS(
      Type.GAUGE,
      "blipstream_unread_records",
      "records",
      List.of(),
      "Image events in the partitions of this instance that it has not fetched yet, as its"
          + " consumers know; with blipstream_in_flight_records about its lag."),
  STREAM_RUNNING(
      Type.GAUGE,
      "blipstream_stream_running",
      "",
      List.of(),
      "1 while Kafka Streams is running or rebalancing."),
  READY(Type.GAUGE, "blipstream_ready", "", List.of(), "1 while /health/ready answers 200."),
  THRESHOLD(
      Type.GAUGE,
      "blipstream_threshold",
      "probability",
      List.of(),
      "Match probability (ITM) from which a text is accepted."),
  MODEL(
      Type.INFO,
      "blipstream_model_info",
      "",
      List.of(
          "captioner",
          "captioner_digest",
          "filter",
          "filter_digest",
          "decoding",
          "matching",
          "engine"),
      "Always 1; its labels say which weights and settings judge."),
  BUILD(
      Type.INFO,
      "blipstream_build_info",
      "",
      List.of("version"),
      "Always 1; its label says which Blipstream this is.");

  /** How Prometheus counts it. */
  public enum Type {
    COUNTER,
    GAUGE,
    /** Series {@code _bucket}, {@code _sum} and {@code _count}. */
    HISTOGRAM,
    /** A gauge that is always 1. */
    INFO
  }

  private final Type type;
  private final String prometheusName;
  private final String unit;

  /** Made by {@link List#of}. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> labels;

  private final String description;

  Metric(Type type, String prometheusName, String unit, List<String> labels, String description) {
    this.type = type;
    this.prometheusName = prometheusName;
    this.unit = unit;
    this.labels = labels;
    this.description = description;
  }

  public Type type() {
    return type;
  }

  /** With the suffix that its type asks for; a histogram's without that of its series. */
  public String prometheusName() {
    return prometheusName;
  }

  /** What is counted; empty where there is nothing to count. */
  public String unit() {
    return unit;
  }

  public List<String> labels() {
    return labels;
  }

  /** Whole sentences for whoever reads a dashboard. */
  public String description() {
    return description;
  }

  /** The metric that a series belongs to; empty if it is none of ours. */
  public static Optional<Metric> ofSeries(String series) {
    for (Metric metric : values()) {
      if (metric.series().contains(series)) {
        return Optional.of(metric);
      }
    }
    return Optional.empty();
  }

  /** The names that a query may use. */
  public List<String> series() {
    return type == Type.HISTOGRAM
        ? List.of(
            prometheusName + "_bucket",
            prometheusName + "_sum",
            prometheusName + "_count",
            prometheusName + "_max")
        : List.of(prometheusName);
  }

  /** Micrometer's name, from which its Prometheus registry makes ours. */
  String meterName() {
    return switch (type) {
      case COUNTER -> prometheusName.replaceFirst("_total$", "");
      case INFO -> prometheusName.replaceFirst("_info$", ".info");
      case GAUGE, HISTOGRAM -> prometheusName;
    };
  }
}
