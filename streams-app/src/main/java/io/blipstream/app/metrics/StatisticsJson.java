package io.blipstream.app.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.batching.BatcherStatistics;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.metrics.ServiceStatistics.Rates;
import io.blipstream.app.topology.OutcomeCounts;
import io.blipstream.model.ModelDescription;
import java.util.Optional;

/** Statistics as JSON, for the page and for programs; its names are stable. */
public final class StatisticsJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private StatisticsJson() {}

  /**
   * All of it as one object.
   *
   * @param rates of the last moments; left out if they are not known yet
   */
  public static ObjectNode of(ServiceStatistics statistics, Optional<Rates> rates) {
    ObjectNode json = JSON.objectNode();
    json.put("at", statistics.at().toString());
    json.put("stream", statistics.stream().name());
    json.put("threshold", statistics.threshold());
    json.set("model", model(statistics.model()));
    json.set(
        "device",
        JSON.objectNode()
            .put("state", statistics.device().state().name())
            .put("detail", statistics.device().detail()));
    json.set("outcomes", outcomes(statistics.outcomes()));
    json.set("inFlight", inFlight(statistics));
    json.set("batching", batching(statistics.batching()));
    json.put("unread", statistics.unread());
    rates.ifPresent(known -> json.set("rates", rates(known)));
    return json;
  }

  private static ObjectNode model(ModelDescription model) {
    return JSON.objectNode()
        .put("captioner", model.captioner())
        .put("captionerDigest", model.captionerDigest())
        .put("filter", model.filter())
        .put("filterDigest", model.filterDigest())
        .put("decoding", model.decoding())
        .put("matching", model.matching())
        .put("engine", model.engine());
  }

  private static ObjectNode outcomes(OutcomeCounts counts) {
    ObjectNode json =
        JSON.objectNode()
            .put("images", counts.images())
            .put("texts", counts.texts())
            .put("captions", counts.captions())
            .put("confidences", counts.confidences())
            .put("imageRejects", counts.imageRejects())
            .put("textRejects", counts.textRejects())
            .put("conservationGap", counts.conservationGap());
    ObjectNode reasons = json.putObject("rejectsByReason");
    counts.rejectsByReason().forEach(reasons::put);
    return json;
  }

  private static ObjectNode inFlight(ServiceStatistics statistics) {
    ObjectNode json =
        JSON.objectNode()
            .put("records", statistics.inFlight().records())
            .put("bytes", statistics.inFlight().bytes())
            .put("windowRecords", statistics.windowRecords());
    ArrayNode tasks = json.putArray("tasks");
    for (TaskStatistics task : statistics.tasks()) {
      tasks
          .addObject()
          .put("topic", task.topic())
          .put("partition", task.partition())
          .put("records", task.records())
          .put("bytes", task.bytes())
          .put("heldOffsetLag", task.heldOffsetLag())
          .put("oldestSeconds", task.oldest().toMillis() / 1e3);
    }
    return json;
  }

  private static ObjectNode batching(BatcherStatistics batching) {
    return JSON.objectNode()
        .put("batches", batching.batches())
        .put("images", batching.items())
        .put("failedBatches", batching.failedBatches())
        .put("queuedImages", batching.queuedItems())
        .put("queuedBytes", batching.queuedBytes())
        .put("busySeconds", batching.busy().toMillis() / 1e3)
        .put("runningSeconds", batching.longestRunning().toMillis() / 1e3)
        .put("maxImages", batching.maxItems());
  }

  private static ObjectNode rates(Rates rates) {
    return JSON.objectNode()
        .put("imagesPerSecond", rounded(rates.imagesPerSecond()))
        .put("textsPerSecond", rounded(rates.textsPerSecond()))
        .put("imagesPerBatch", rounded(rates.imagesPerBatch()))
        .put("batchFill", rounded(rates.batchFill()))
        .put("deviceBusy", rounded(rates.deviceBusy()));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1e3;
  }
}
