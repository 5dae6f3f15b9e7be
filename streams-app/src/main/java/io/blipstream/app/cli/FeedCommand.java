package io.blipstream.app.cli;

import io.blipstream.app.broker.Cluster;
import io.blipstream.app.cli.demo.SceneEvents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The demo's feed into any Kafka: drawn scenes, at a steady rate. */
@Command(
    name = "feed",
    description = {
      "Sends drawn scenes with right, vague and wrong web texts to your Kafka, to see a service at"
          + " work; the bundled model knows them. SIGTERM or Ctrl-C stops it."
    })
final class FeedCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private TargetTopicOptions target;
  @Mixin private SceneOptions scenes;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5",
      description = "Scenes a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "Stop after so many scenes (default: go on until stopped).")
  private Long images;

  @Override
  public Integer call() throws Exception {
    if (!(rate > 0)) {
      throw new CommandFailure(ExitStatus.WRONG_USE, "--rate must be above 0, not " + rate + ".");
    }
    String topic = target.name();
    Cluster.requireTopics(kafka.kafka(), List.of(topic));
    AtomicReference<String> notSent = new AtomicReference<>();
    long sent;
    try (UntilStopped stop = new UntilStopped();
        EventSender sender =
            new EventSender(
                kafka.kafka(),
                kafka.registry(),
                topic,
                (id, why) -> notSent.compareAndSet(null, id + " " + why))) {
      feed(sender, stop, notSent);
      sender.flush();
      sent = sender.acknowledged();
    }
    spec.commandLine().getOut().printf("sent %d%n", sent);
    if (notSent.get() != null) {
      throw new CommandFailure(ExitStatus.FAILED, notSent.get());
    }
    return ExitStatus.DONE.code();
  }

  /** Each scene has its moment, so that a slow one is made up for by the next. */
  private void feed(EventSender sender, UntilStopped stop, AtomicReference<String> notSent)
      throws InterruptedException {
    SceneEvents events = new SceneEvents(scenes.seed());
    long start = System.nanoTime();
    for (long number = 0; images == null || number < images; number++) {
      Duration early = Duration.ofNanos(start + (long) (number * 1e9 / rate) - System.nanoTime());
      if (stop.await(early.isNegative() ? Duration.ZERO : early) || notSent.get() != null) {
        return;
      }
      sender.send(events.event(number));
    }
  }
}
