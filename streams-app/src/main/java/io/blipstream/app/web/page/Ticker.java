package io.blipstream.app.web.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.metrics.ServiceStatistics;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.app.topology.OutcomeCounts;
import io.blipstream.model.ModelDescription;
import io.blipstream.model.TextSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The figures of one second after the other: the latest in full, of the last minutes what the
 * charts draw.
 */
final class Ticker {

  /** Two minutes. */
  private static final int POINTS = 120;

  private final ScoreWindow scores;
  private final Rates rates = new Rates();
  private final Deque<ArrayNode> points = new ArrayDeque<>();

  Ticker(ScoreWindow scores) {
    this.scores = scores;
  }

  /**
   * Takes a sample.
   *
   * @param millis since the epoch
   */
  synchronized ObjectNode tick(ServiceView service, long millis) {
    ObjectNode tick = JsonNodeFactory.instance.objectNode();
    tick.put("at", millis);
    tick.put("phase", service.phase().name());
    tick.put("sentence", service.phase().sentence());
    service.statistics().ifPresent(statistics -> add(tick, statistics));
    ObjectNode window = tick.putObject("scores");
    for (TextSource source : TextSource.values()) {
      ArrayNode steps = window.putArray(source.name());
      for (int count : scores.counts(source)) {
        steps.add(count);
      }
    }
    return tick;
  }

  private void add(ObjectNode tick, ServiceStatistics statistics) {
    rates.add(statistics);
    tick.put("device", statistics.device().state().name().toLowerCase(Locale.ROOT));
    tick.put("deviceDetail", statistics.device().detail());
    model(tick.putObject("model"), statistics.model());
    counts(tick.putObject("counts"), statistics.outcomes());
    rates(tick.putObject("rates"));
    tick.put("lag", statistics.unread());
    tick.put("inFlight", statistics.inFlight().records());
    tick.put("inFlightBytes", statistics.inFlight().bytes());
    tick.put("queued", statistics.batching().queuedItems());
    put(tick, "fill", rates.fill());
    tick.put("busy", rounded(rates.busy()));
    tasks(tick.putArray("tasks"), statistics);
    points.addLast(
        JsonNodeFactory.instance
            .arrayNode()
            .add(tick.get("at"))
            .add(tick.get("rates").get("images"))
            .add(tick.get("lag"))
            .add(tick.get("fill"))
            .add(tick.get("busy"))
            .add(tick.get("inFlight")));
    if (points.size() > POINTS) {
      points.removeFirst();
    }
  }

  private static void tasks(ArrayNode tasks, ServiceStatistics statistics) {
    for (TaskStatistics task : statistics.tasks()) {
      tasks
          .addObject()
          .put("task", "0_" + task.partition())
          .put("records", task.records())
          .put("bytes", task.bytes())
          .put("most", statistics.windowRecords());
    }
  }

  private static void model(ObjectNode node, ModelDescription model) {
    node.put("captioner", model.captioner());
    node.put("filter", model.filter());
    node.put("engine", model.engine());
    node.put("decoding", model.decoding());
  }

  private static void counts(ObjectNode node, OutcomeCounts counts) {
    node.put("images", counts.images());
    node.put("texts", counts.texts());
    node.put("captions", counts.captions());
    node.put("confidences", counts.confidences());
    node.put("imageRejects", counts.imageRejects());
    node.put("textRejects", counts.textRejects());
    node.put("gap", counts.conservationGap());
    ObjectNode reasons = node.putObject("reasons");
    counts.rejectsByReason().forEach(reasons::put);
  }

  private void rates(ObjectNode node) {
    node.put("images", rounded(rates.perSecond(OutcomeCounts::images)));
    node.put("texts", rounded(rates.perSecond(OutcomeCounts::texts)));
    node.put("captions", rounded(rates.perSecond(OutcomeCounts::captions)));
    node.put("confidences", rounded(rates.perSecond(OutcomeCounts::confidences)));
    node.put(
        "rejects",
        rounded(rates.perSecond(counts -> counts.imageRejects() + counts.textRejects())));
  }

  private static void put(ObjectNode node, String field, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(field, rounded(value.getAsDouble()));
    } else {
      node.putNull(field);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** Of each second: {@code [at, images a second, lag, fill, busy, in flight]}, oldest first. */
  synchronized ArrayNode series() {
    ArrayNode series = JsonNodeFactory.instance.arrayNode();
    points.forEach(series::add);
    return series;
  }
}
