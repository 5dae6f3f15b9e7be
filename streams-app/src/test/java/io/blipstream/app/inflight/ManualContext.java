package io.blipstream.app.inflight;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;

/** The context of one task; keeps what is armed and what was forwarded, and forgets the rest. */
final class ManualContext extends MockProcessorContext<byte[], byte[]> {

  final List<Punctuator> armed = new ArrayList<>();

  ManualContext(int partition) {
    super(config(), new TaskId(0, partition), new File("."));
  }

  private static Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "manual");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    return config;
  }

  @Override
  public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
    armed.add(callback);
    return () -> armed.remove(callback);
  }

  /** What was forwarded since the last call. */
  List<String> takeForwarded() {
    List<String> values =
        forwarded().stream().map(f -> new String(f.record().value(), UTF_8)).toList();
    resetForwards();
    return values;
  }
}
