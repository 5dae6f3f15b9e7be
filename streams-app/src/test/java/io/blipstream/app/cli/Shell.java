package io.blipstream.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this JVM as a shell would, with a fake model. */
record Shell(Map<String, String> environment) {

  /** What a command left behind. */
  record Result(int status, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  Shell() {
    this(Map.of());
  }

  /** One where no Kafka answers, which commands wait for no longer than it takes to find out. */
  static Shell withoutKafka(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("BLIPSTREAM_BOOTSTRAP_SERVERS", "127.0.0.1:1");
    environment.put("KAFKA_DEFAULT_API_TIMEOUT_MS", "1000");
    return new Shell(environment);
  }

  Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            environment,
            (folders, options) -> new FakeCapFilt(2, options.candidates()),
            new PrintWriter(out),
            new PrintWriter(err),
            arguments);
    return new Result(status, out.toString(), err.toString());
  }

  Result run(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }
}
