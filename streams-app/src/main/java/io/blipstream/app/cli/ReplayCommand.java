package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.broker.Cluster;
import io.blipstream.app.replay.Replay;
import io.blipstream.app.replay.ReplaySummary;
import io.blipstream.app.replay.Selection;
import io.blipstream.schemas.RejectStage;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends rejected events back to be judged again. */
@Command(
    name = "replay",
    description = {
      "Sends rejected image events back to the topic of images, each once: exactly as they came in,"
          + " with two headers more, blipstream-attempt (how often it was sent back) and"
          + " blipstream-replay-of (where it stood before). Its timestamp is kept, too: Kafka may"
          + " soon delete one that is older than the topic's retention.ms.",
      "Reads what was rejected until it starts; what is rejected again meanwhile is for the next"
          + " run. It remembers in its group what it dealt with: run again, after an interruption"
          + " or for another reason, it sends only what it has not sent. Kafka forgets a group that"
          + " is not used for offsets.retention.minutes, 7 days by default.",
      "Without --stage and --reason it sends back all, images with a refused text among them: these"
          + " get a second confidence and second captions. --stage RECORD,FETCH,DECODE,MODEL leaves"
          + " them out."
    })
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--from",
      paramLabel = "TOPIC",
      defaultValue = "rejects",
      description = "Topic of rejects (default: ${DEFAULT-VALUE}).")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TOPIC",
      defaultValue = "images",
      description = "Topic that the events are sent to (default: ${DEFAULT-VALUE}).")
  private String to;

  @Option(
      names = "--reason",
      paramLabel = "CODE",
      split = ",",
      description = "Only rejects of this reason, such as FETCH_TIMEOUT; may be repeated.")
  private Set<String> reasons = new LinkedHashSet<>();

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      split = ",",
      description = "Only rejects of this stage, one of ${COMPLETION-CANDIDATES}; may be repeated.")
  private Set<RejectStage> stages = EnumSet.noneOf(RejectStage.class);

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Moment.class,
      description =
          "Start with the first reject whose timestamp, which is its image's, is from then on: "
              + Moment.FORM
              + ".")
  private Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Stop before the first reject whose timestamp is from then on.")
  private Instant until;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      defaultValue = "5",
      description = "Leave alone what was sent back so often already (default: ${DEFAULT-VALUE}).")
  private int maxAttempts;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      defaultValue = "blipstream-replay",
      description =
          "Consumer group, and transactional id, under which it remembers (default:"
              + " ${DEFAULT-VALUE}). Of two runs at the same time, the later stops the earlier.")
  private String group;

  @Option(names = "--again", description = "Forget what earlier runs sent, and send it again.")
  private boolean again;

  @Option(names = "--dry-run", description = "Look and count; send and remember nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the summary as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Replay.Plan plan =
        new Replay.Plan(
            from,
            to,
            selection(),
            Optional.ofNullable(since),
            Optional.ofNullable(until),
            group,
            again,
            dryRun);
    if (from.equals(to)) {
      throw new CommandFailure(
          ExitStatus.WRONG_USE, "--from and --to are one topic; events go back to another.");
    }
    Cluster.requireTopics(kafka.kafka(), List.of(from, to));
    PrintWriter err = spec.commandLine().getErr();
    try (UntilStopped stop = new UntilStopped()) {
      ReplaySummary summary = run(plan, err, stop);
      print(summary);
      if (stop.isAsked()) {
        throw new CommandFailure(
            ExitStatus.FAILED, "Stopped before the end; run it again to go on from here.");
      }
      return (summary.isComplete() ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }
  }

  private ReplaySummary run(Replay.Plan plan, PrintWriter err, UntilStopped stop)
      throws InterruptedException {
    try {
      return Replay.run(
          plan,
          kafka.kafka(),
          kafka.registry(),
          sentence -> err.println("blipstream: " + sentence),
          stop::isAsked);
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "Another replay of the group %s has begun and goes on in this one's place."
              .formatted(group),
          e);
    } catch (CommitFailedException | UnknownMemberIdException e) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "The group %s is in use by other consumers; stop them or choose another --group."
              .formatted(group),
          e);
    }
  }

  private Selection selection() {
    try {
      return new Selection(
          stages.stream().map(Enum::name).collect(Collectors.toSet()), reasons, maxAttempts);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitStatus.WRONG_USE, e.getMessage(), e);
    }
  }

  private void print(ReplaySummary summary) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper()
              .createObjectNode()
              .put("dryRun", dryRun)
              .put("rejects", summary.rejects())
              .put("replayed", summary.replayed())
              .put("before", summary.before())
              .put("notSelected", summary.notSelected())
              .put("repeated", summary.repeated())
              .put("overMaxAttempts", summary.overMaxAttempts())
              .put("gone", summary.gone())
              .put("unreadable", summary.unreadable()));
    } else {
      out.printf(
          "%d rejects read; events: %d %s, %d dealt with before, %d of other stages or reasons,"
              + " %d sent back too often, %d gone, %d repeated; %d unreadable rejects%n",
          summary.rejects(),
          summary.replayed(),
          dryRun ? "to send" : "sent",
          summary.before(),
          summary.notSelected(),
          summary.overMaxAttempts(),
          summary.gone(),
          summary.repeated(),
          summary.unreadable());
    }
    out.flush();
  }
}
