package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.cli.soak.Breach;
import io.blipstream.app.cli.soak.Disturbance;
import io.blipstream.app.cli.soak.SoakPlan;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** The last line of a soak: sums over all streams, and each stream by itself. */
final class SoakSummary {

  private SoakSummary() {}

  static ObjectNode of(
      SoakPlan plan,
      List<SoakStream.Result> results,
      int brokerFreezes,
      int brokerRestarts,
      double seconds) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    outcome(json, results);
    ObjectNode disturbances = (ObjectNode) json.get("disturbances");
    disturbances.put("brokerFreeze", brokerFreezes);
    disturbances.put("brokerRestart", brokerRestarts);
    json.put("allKept", results.stream().allMatch(result -> result.findings().allKept()));
    json.put("seconds", seconds);
    json.put("seed", plan.seed());
    ObjectNode config = json.putObject("config");
    config.put("minutes", plan.time().toMillis() / 60_000.0);
    config.put("processes", plan.processes());
    config.put("partitions", plan.partitions());
    config.put("rate", plan.rate());
    config.put("sessionTimeoutMs", plan.sessionTimeout().toMillis());
    plan.runFlags().forEach(config.putArray("runFlags")::add);
    ArrayNode streams = json.putArray("streams");
    results.stream()
        .sorted(Comparator.comparing(result -> result.kind().name()))
        .forEach(
            result -> {
              ObjectNode stream = streams.addObject();
              stream.put("guarantee", result.kind().guarantee().toString());
              stream.put("protocol", result.kind().protocol().toString());
              outcome(stream, List.of(result));
            });
    return json;
  }

  private static void outcome(ObjectNode json, List<SoakStream.Result> results) {
    json.put("inputs", sum(results, result -> result.findings().inputs()));
    json.put("outcomes", sum(results, result -> result.findings().outcomes()));
    for (Breach breach : Breach.values()) {
      json.put(breach.key(), sum(results, result -> result.findings().breaches().get(breach)));
    }
    json.put("repeated", sum(results, result -> result.findings().repeated()));
    json.put("conservation", results.stream().allMatch(result -> result.findings().conserved()));
    ObjectNode disturbances = json.putObject("disturbances");
    for (Disturbance.Kind kind : Disturbance.Kind.values()) {
      disturbances.put(kind.key(), sum(results, result -> result.disturbances().get(kind)));
    }
    json.put("stoppedLate", sum(results, SoakStream.Result::stoppedLate));
    json.put("endedThemselves", sum(results, SoakStream.Result::endedThemselves));
    json.put("notSent", sum(results, SoakStream.Result::notSent));
    ArrayNode examples = json.putArray("examples");
    results.forEach(
        result ->
            result
                .findings()
                .examples()
                .forEach(example -> examples.add(result.kind().name() + ": " + example)));
  }

  private static long sum(
      List<SoakStream.Result> results, ToLongFunction<SoakStream.Result> count) {
    return results.stream().mapToLong(count).sum();
  }
}
