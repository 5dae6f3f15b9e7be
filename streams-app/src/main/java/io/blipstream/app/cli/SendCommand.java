package io.blipstream.app.cli;

import io.blipstream.app.broker.Cluster;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.cli.input.ImageInputs;
import io.blipstream.app.cli.input.ImageSink;
import io.blipstream.schemas.ImageEvent;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends images to Kafka as image events. */
@Command(
    name = "send",
    description = {
      "Sends images to Kafka: files, folders with all below them, zip and tar(.gz) archives, links.",
      "Bytes go as they are; whether they are an image is for the service to say. A text file of the"
          + " same name beside an image (cat.txt beside cat.jpg) is sent as its web text."
    })
final class SendCommand implements Callable<Integer> {

  /** What an event adds to its image: id, texts, framing. */
  private static final int ROOM_BESIDE_IMAGE = 1 << 17;

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private TargetTopicOptions target;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|FOLDER|ARCHIVE|LINK",
      description = "What to send. In folders and archives, files that are images by their name.")
  private List<String> inputs;

  @Option(
      names = "--web-text",
      paramLabel = "TEXT",
      description = "Web text of images that have none beside them.")
  private String webText;

  @Option(
      names = "--links",
      description =
          "Send file: links in place of bytes; the service must then be allowed to read the folder"
              + " (run --allow-files).")
  private boolean links;

  @Option(
      names = "--id-prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Put before every id, to keep apart what has the same names.")
  private String idPrefix;

  @Override
  public Integer call() throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    String topic = target.name();
    Cluster.requireTopics(kafka.kafka(), List.of(topic));
    ImageInputs.Options options =
        new ImageInputs.Options(
            idPrefix,
            Optional.ofNullable(webText),
            links,
            TopicSpec.IMAGE_BYTES - ROOM_BESIDE_IMAGE);
    Report report = new Report(err);
    try (ProgressBar bar = bar();
        EventSender sender =
            new EventSender(kafka.kafka(), kafka.registry(), topic, report::failed)) {
      report.bar = bar;
      report.sender = sender;
      ImageInputs walk = new ImageInputs(options, report);
      for (String input : inputs) {
        walk.walk(input);
      }
      sender.flush();
      report.sent = sender.acknowledged();
    }
    spec.commandLine()
        .getOut()
        .printf("sent %d, failed %d, skipped %d%n", report.sent, report.failed, report.skipped);
    if (report.sent == 0 && report.failed == 0) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "There is nothing to send in %s.".formatted(String.join(", ", inputs)));
    }
    return (report.failed == 0 ? ExitStatus.DONE : ExitStatus.FAILED).code();
  }

  /**
   * A bar where a person looks, and nothing in a log. The launcher knows whether standard error is
   * a terminal; Java cannot tell in one way on all its versions.
   */
  private static ProgressBar bar() {
    return !Boolean.getBoolean("blipstream.terminal")
        ? null
        : new ProgressBarBuilder().setTaskName("send").setInitialMax(-1).build();
  }

  /** Counts, and names what failed; failures of sending come from the producer's thread. */
  private static final class Report implements ImageSink {

    private final PrintWriter err;
    private ProgressBar bar;
    private EventSender sender;
    private long sent;
    private long failed;
    private long skipped;

    Report(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void image(ImageEvent event) {
      sender.send(event);
      if (bar != null) {
        bar.step();
      }
    }

    @Override
    public synchronized void failed(String name, String why) {
      failed++;
      err.println("blipstream: %s %s".formatted(name, why));
    }

    @Override
    public synchronized void skipped(String name) {
      skipped++;
    }
  }
}
