package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.cli.demo.DemoBook;
import io.blipstream.app.cli.demo.SceneEvents;
import io.blipstream.app.cli.demo.SceneFeed;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.source.FetchLimits;
import io.blipstream.app.source.LinkFetcher;
import io.blipstream.app.topology.CapFiltService;
import io.blipstream.model.CapFilt;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One run of the demo against a broker that is up.
 *
 * <p>Everything printed and counted comes from committed records read back from the topics, from
 * their beginning. So the summary covers earlier runs on the same state, and what an aborted
 * transaction had written is not in it.
 */
final class DemoRun {

  static final String APPLICATION_ID = "blipstream-demo";

  private static final Duration POLL = Duration.ofMillis(100);

  /** How long nothing has come before it is asked whether anything can still come. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final ServiceSettings settings;
  private final Map<String, Object> kafka;
  private final SceneEvents scenes;
  private final OptionalLong images;
  private final PrintWriter out;
  private final PrintWriter err;
  private final DemoBook book;

  private volatile String notSent = "";
  private boolean stalled;
  private long firstOutcomeNanos;
  private long lastOutcomeNanos;
  private long lastRestCheckNanos;
  private long outcomesBefore;

  DemoRun(
      ServiceSettings settings,
      Map<String, Object> kafka,
      long seed,
      OptionalLong images,
      PrintWriter out,
      PrintWriter err) {
    this.settings = settings;
    this.kafka = kafka;
    this.scenes = new SceneEvents(seed);
    this.images = images;
    this.out = out;
    this.err = err;
    this.book = new DemoBook(scenes, settings.topics());
  }

  ExitStatus run(Supplier<CapFilt> model, WebSide web, UntilStopped stop)
      throws IOException, InterruptedException, ExecutionException {
    boolean complete;
    long start;
    try (TopicReader reader =
            new TopicReader(
                kafka, settings.registry(), settings.topics(), settings.topics().all());
        EventSender sender =
            new EventSender(
                kafka, settings.registry(), settings.topics().images(), this::notSent)) {
      try (GroupProgress earlier = new GroupProgress(kafka, APPLICATION_ID)) {
        earlier.abortEarlierTransactions();
      }
      reader.fromBeginning();
      catchUp(reader);
      start = System.nanoTime();
      complete = judge(reader, sender, model, web, stop);
      // What the service wrote while it stopped, duplicates among it if there are any.
      readUntil(reader, reader.ends());
    }
    ObjectNode summary = book.summary(complete || stalled);
    long judged = book.outcomes() - outcomesBefore;
    double seconds = Math.max(1, lastOutcomeNanos - start) / 1e9;
    summary.put("imagesPerSecond", judged == 0 ? 0 : Math.round(judged / seconds * 10) / 10.0);
    summary.put("seconds", judged == 0 ? 0 : Math.round(seconds * 10) / 10.0);
    summary.put("firstOutcomeAfterSeconds", Math.round(firstOutcomeAfterStart() * 10) / 10.0);
    out.println(summary);
    out.flush();
    return summary.get("conservation").asBoolean() ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  /** Reads what earlier runs have left. */
  private void catchUp(TopicReader reader) {
    readUntil(reader, reader.ends());
    outcomesBefore = book.outcomes();
    if (book.ledger().images() > 0) {
      err.printf(
          "Going on: %d images were sent before, %d of them are done.%n",
          book.ledger().images(), book.ledger().withOutcome());
      err.flush();
    }
  }

  private void readUntil(TopicReader reader, Map<TopicPartition, Long> ends) {
    while (!reader.hasReached(ends)) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
        book.enter(record, reader::decode);
      }
    }
  }

  private void notSent(String id, String why) {
    notSent = id + " " + why;
  }

  /** Runs feed and service until all is done, or the user or a failure ends it. */
  private boolean judge(
      TopicReader reader,
      EventSender sender,
      Supplier<CapFilt> model,
      WebSide web,
      UntilStopped stop)
      throws IOException, InterruptedException, ExecutionException {
    int waiting = (int) (book.ledger().images() - book.ledger().withOutcome());
    try (SceneFeed feed = new SceneFeed(scenes, images, book.sent(), waiting, sender::send);
        LinkFetcher fetcher = new LinkFetcher(FetchLimits.DEFAULT, false, List.of());
        CapFiltService service =
            CapFiltService.start(settings, web.watch(model), fetcher, web.listener());
        GroupProgress progress = new GroupProgress(kafka, APPLICATION_ID)) {
      web.started(service);
      feed.start();
      lastOutcomeNanos = System.nanoTime();
      boolean complete = false;
      while (!complete && !stop.isAsked() && !stalled) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          book.enter(record, reader::decode).ifPresent(line -> outcome(line, feed));
        }
        out.flush();
        requireHealthy(feed, service);
        complete = images.isPresent() && feed.isDone() && book.isComplete(images.getAsLong());
        stalled = !complete && feed.isDone() && isAtRest(reader, progress);
      }
      return complete;
    }
  }

  /**
   * Whether nothing more can come: all input is committed, and all output was read, that of open
   * transactions included, which cannot be before they are closed.
   */
  private boolean isAtRest(TopicReader reader, GroupProgress progress)
      throws InterruptedException, ExecutionException {
    if (System.nanoTime() - Math.max(lastOutcomeNanos, lastRestCheckNanos) < GRACE.toNanos()) {
      return false;
    }
    lastRestCheckNanos = System.nanoTime();
    return progress.isAllCommitted(settings.topics().images())
        && reader.hasReached(progress.ends(settings.topics().all()));
  }

  private void outcome(String line, SceneFeed feed) {
    lastOutcomeNanos = System.nanoTime();
    if (firstOutcomeNanos == 0) {
      firstOutcomeNanos = lastOutcomeNanos;
    }
    feed.outcome();
    out.println(line);
  }

  private void requireHealthy(SceneFeed feed, CapFiltService service)
      throws InterruptedException, ExecutionException {
    feed.requireHealthy();
    if (!notSent.isEmpty()) {
      throw new CommandFailure(ExitStatus.FAILED, notSent);
    }
    if (service.terminated().isDone()) {
      service.terminated().get();
      throw new CommandFailure(ExitStatus.FAILED, "The service ended before the demo did.");
    }
  }

  /** From the start of the process; 0 if there was none. */
  private double firstOutcomeAfterStart() {
    if (firstOutcomeNanos == 0) {
      return 0;
    }
    double sinceThen = (System.nanoTime() - firstOutcomeNanos) / 1e9;
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3 - sinceThen;
  }
}
