package io.blipstream.app.cli;

import io.blipstream.app.cli.soak.Child;
import io.blipstream.app.cli.soak.Disturbance;
import io.blipstream.app.cli.soak.Findings;
import io.blipstream.app.cli.soak.Fleet;
import io.blipstream.app.cli.soak.Protocol;
import io.blipstream.app.cli.soak.RunFlags;
import io.blipstream.app.cli.soak.Schedule;
import io.blipstream.app.cli.soak.SoakEvents;
import io.blipstream.app.cli.soak.SoakPlan;
import io.blipstream.app.config.TopicNames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** One stream of a soak: its processes are disturbed while inputs come; then all is checked. */
final class SoakStream implements Callable<SoakStream.Result> {

  private static final String HEAP = "256m";
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** With all processes up and nothing in their way, this long without a commit is for ever. */
  private static final Duration GIVES_UP_AFTER = Duration.ofMinutes(5);

  private final SoakPlan plan;
  private final SoakPlan.StreamKind kind;
  private final TopicNames topics;
  private final SoakEvents events;
  private final Map<String, Object> kafka;
  private final Map<String, Object> registry;
  private final Fleet fleet;
  private final Fleet.Waiting waiting;
  private final Runnable whenWarm;
  private final Consumer<String> said;
  private final AtomicLong notSent = new AtomicLong();

  /** What came of it. */
  record Result(
      SoakPlan.StreamKind kind,
      Findings findings,
      Map<Disturbance.Kind, Integer> disturbances,
      int endedThemselves,
      int stoppedLate,
      long notSent) {}

  /**
   * @param serviceMain the main class of the service's processes
   * @param folder for logs and state
   * @param waiting waits, or throws if all is to end
   * @param whenWarm told when the first outcomes are committed: the disturbances begin
   * @param said told, in words, what happens
   */
  SoakStream(
      SoakPlan plan,
      SoakPlan.StreamKind kind,
      SoakBroker broker,
      String serviceMain,
      Path folder,
      Fleet.Waiting waiting,
      Runnable whenWarm,
      Consumer<String> said) {
    this.plan = plan;
    this.kind = kind;
    this.topics = RunFlags.topics(kind);
    this.events = new SoakEvents(plan.seed());
    this.kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    this.registry = Map.of("schema.registry.url", broker.registryUrl());
    this.waiting = waiting;
    this.whenWarm = whenWarm;
    this.said = sentence -> said.accept(kind.name() + ": " + sentence);
    this.fleet =
        new Fleet(
            number -> {
              String name = kind.name() + "-" + number;
              return Child.start(
                  serviceMain,
                  HEAP,
                  RunFlags.of(
                      plan,
                      kind,
                      broker.bootstrapServers(),
                      broker.registryUrl(),
                      events.answers(),
                      folder.resolve(name)),
                  folder.resolve(name + ".log"));
            },
            this.said);
  }

  @Override
  public Result call() throws Exception {
    BrokerCommand.createTopics((String) kafka.get("bootstrap.servers"), topics, plan.partitions());
    shortenSession();
    try (fleet;
        EventSender sender =
            new EventSender(
                kafka, registry, topics.images(), (id, why) -> notSent.incrementAndGet());
        SoakFeed feed = new SoakFeed(sender, events, plan.rate())) {
      fleet.start(plan.processes());
      awaitFirstCommit();
      whenWarm.run();
      disturb();
      feed.finish();
      said.accept(sender.acknowledged() + " inputs sent, waiting for the rest of their outcomes");
      settle();
      said.accept("settled, stopping");
      fleet.stop();
      said.accept("stopped, checking");
      SoakCheck check =
          new SoakCheck(kafka, registry, topics, RunFlags.group(kind), kind.guarantee(), events);
      Findings findings = check.findings(sender.acknowledged());
      return new Result(
          kind,
          findings,
          fleet.done(),
          fleet.endedThemselves(),
          fleet.stoppedLate(),
          notSent.get());
    }
  }

  /** Under the streams protocol the session timeout is a setting of the group at the broker. */
  private void shortenSession() throws InterruptedException, ExecutionException {
    if (kind.protocol() != Protocol.STREAMS) {
      return;
    }
    long session = plan.sessionTimeout().toMillis();
    try (Admin admin = Admin.create(kafka)) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, RunFlags.group(kind)),
                  List.of(
                      set("streams.session.timeout.ms", session),
                      set("streams.heartbeat.interval.ms", session / 4))))
          .all()
          .get();
    }
  }

  private static AlterConfigOp set(String key, long value) {
    return new AlterConfigOp(new ConfigEntry(key, Long.toString(value)), AlterConfigOp.OpType.SET);
  }

  private void disturb() throws IOException, InterruptedException {
    Schedule schedule =
        new Schedule(plan.seed() ^ kind.name().hashCode(), plan.processes(), plan.sessionTimeout());
    long deadline = System.nanoTime() + plan.time().toNanos();
    Disturbance next = schedule.next();
    while (System.nanoTime() + next.quietBefore().toNanos() < deadline) {
      long until = System.nanoTime() + next.quietBefore().toNanos();
      while (System.nanoTime() < until) {
        waiting.forA(LOOK_EVERY);
        fleet.keepUp();
      }
      fleet.disturb(next, waiting);
      next = schedule.next();
    }
    waiting.forA(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
  }

  private void awaitFirstCommit() throws IOException, InterruptedException, ExecutionException {
    try (GroupProgress progress = new GroupProgress(kafka, RunFlags.group(kind))) {
      long deadline = System.nanoTime() + GIVES_UP_AFTER.toNanos();
      while (committed(progress) == 0) {
        if (System.nanoTime() > deadline) {
          throw new CommandFailure(
              ExitStatus.FAILED,
              "%s: the service has answered nothing within %d s of its start; its logs say why."
                  .formatted(kind.name(), GIVES_UP_AFTER.toSeconds()));
        }
        waiting.forA(LOOK_EVERY);
        fleet.keepUp();
      }
    }
  }

  /** Waits until all input is committed, or nothing moves any more. */
  private void settle() throws IOException, InterruptedException, ExecutionException {
    try (GroupProgress progress = new GroupProgress(kafka, RunFlags.group(kind))) {
      long committed = -1;
      long movedAt = System.nanoTime();
      while (!progress.isAllCommitted(topics.images())) {
        waiting.forA(LOOK_EVERY);
        fleet.keepUp();
        long now = committed(progress);
        if (now != committed) {
          committed = now;
          movedAt = System.nanoTime();
        } else if (System.nanoTime() - movedAt > GIVES_UP_AFTER.toNanos()) {
          said.accept("nothing has been committed for " + GIVES_UP_AFTER.toSeconds() + " s");
          return;
        }
      }
    }
  }

  private static long committed(GroupProgress progress)
      throws InterruptedException, ExecutionException {
    return progress.committed().values().stream().mapToLong(Long::longValue).sum();
  }
}
