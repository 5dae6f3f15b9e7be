package io.blipstream.app.topology;

import io.blipstream.app.batching.BatcherClosedException;
import io.blipstream.app.batching.MicroBatcher;
import io.blipstream.app.inflight.InFlight;
import io.blipstream.app.inflight.InFlightStage;
import io.blipstream.app.source.FetchException;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.app.source.LinkFetcher;
import io.blipstream.app.topology.EventReader.ReadEvent;
import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.serde.SchemaRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one image event while it is in flight: read, fetch, decode, judge, write.
 *
 * <p>What must hold: whatever happens to a record, it is settled. Its own fault, or the model's
 * with it, completes it with a reject. A registry that is away is neither: the step is tried again
 * for as long as the record is wanted. What is wrong with the process itself (out of memory,
 * schemas that the registry refuses) fails it, which stops the stream thread and loses nothing.
 */
final class CapFiltStage implements InFlightStage<Outcome> {

  private static final Logger LOG = LoggerFactory.getLogger(CapFiltStage.class);

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  private final Parts parts;

  /** What the stage works with; owned and closed by whoever made them. */
  record Parts(
      EventReader reader,
      ImageFetcher fetcher,
      Duration fetchTimeout,
      CapFilt model,
      MicroBatcher<CapFiltInput, Judgement> batcher,
      Verdicts verdicts,
      OutcomeWriter writer,
      StageThreads threads,
      OutageLog outages,
      OutcomeListener listener) {}

  CapFiltStage(Parts parts) {
    this.parts = parts;
  }

  @Override
  public InFlightStage.Lane<Outcome> open(TaskId task) {
    return new TaskLane(parts.batcher().openLane());
  }

  /** The events of one task. */
  private final class TaskLane implements InFlightStage.Lane<Outcome> {

    private final MicroBatcher<CapFiltInput, Judgement>.Lane batches;

    TaskLane(MicroBatcher<CapFiltInput, Judgement>.Lane batches) {
      this.batches = batches;
    }

    @Override
    public void start(InFlight<Outcome> record) {
      Journey journey = new Journey(record, batches);
      parts.threads().decode(() -> journey.step(journey::read));
    }

    @Override
    public void close() {
      batches.close();
    }
  }

  /** A step on the way. */
  private interface Step {
    void run() throws RefusedException, InterruptedException;
  }

  /** One record under way. */
  private final class Journey {

    private final InFlight<Outcome> record;
    private final MicroBatcher<CapFiltInput, Judgement>.Lane batches;
    private volatile Optional<ImageEvent> event = Optional.empty();
    private volatile RejectStage stage = RejectStage.RECORD;

    Journey(InFlight<Outcome> record, MicroBatcher<CapFiltInput, Judgement>.Lane batches) {
      this.record = record;
      this.batches = batches;
    }

    /** Runs a step towards a judgement; what it throws becomes the record's reject. */
    void step(Step step) {
      Consumer<RuntimeException> unexpected =
          failure -> {
            LOG.warn("Rejecting {} after an unexpected failure", record, failure);
            reject(new Refusal(stage, "UNEXPECTED_FAILURE", Failures.words(failure)));
          };
      new Attempt(step, unexpected).run();
    }

    /** A reject that cannot be written is not answered by another reject: the record fails. */
    private void reject(Refusal refusal) {
      Step step = () -> complete(parts.writer().rejected(record, event, refusal));
      new Attempt(step, record::fail).run();
    }

    /** A step that is run again for as long as it is something else that fails it. */
    private final class Attempt {

      private final Step step;
      private final Consumer<RuntimeException> unexpected;
      private Duration delay = FIRST_RETRY;

      Attempt(Step step, Consumer<RuntimeException> unexpected) {
        this.step = step;
        this.unexpected = unexpected;
      }

      void run() {
        try {
          if (record.isOpen()) {
            step.run();
          }
          parts.outages().ended(this);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt(); // Shutting down: the record is read again.
        } catch (Exception e) {
          if (!parts.threads().isClosed()) {
            failed(e);
          }
        } catch (Throwable e) {
          record.fail(e);
          parts.outages().ended(this);
        }
      }

      private void failed(Exception failure) {
        if (failure instanceof RefusedException refused) {
          reject(refused.refusal());
        } else if (failure instanceof SchemaRefusedException) {
          record.fail(failure);
        } else if (Failures.mayPass(failure)) {
          tryAgain(failure);
          return;
        } else {
          unexpected.accept((RuntimeException) failure);
        }
        parts.outages().ended(this);
      }

      private void tryAgain(Exception failure) {
        parts.outages().waits(this, failure);
        Duration now = delay;
        Duration doubled = now.multipliedBy(2);
        delay = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
        parts.threads().after(now, () -> parts.threads().outcome(this::run));
      }
    }

    void read() throws RefusedException, InterruptedException {
      ReadEvent read = parts.reader().read(record);
      event = Optional.of(read.event());
      read.requireOneImage();
      if (read.content().isPresent()) {
        prepare(read.content().get());
      } else {
        parts.threads().fetch(LinkFetcher.host(read.event().getUri()), () -> step(this::fetch));
      }
    }

    private void fetch() throws RefusedException, InterruptedException {
      stage = RejectStage.FETCH;
      parts.threads().after(parts.fetchTimeout(), this::fetchTimedOut);
      byte[] image;
      long start = System.nanoTime();
      try {
        image = parts.fetcher().fetch(event.orElseThrow().getUri());
      } catch (FetchException e) {
        throw new RefusedException(RejectStage.FETCH, e.reason().name(), Failures.words(e));
      } finally {
        took(ProcessingStage.FETCH, start);
      }
      if (record.isOpen()) {
        prepare(image);
      }
    }

    /** The fetcher has limits of its own; this one holds even if it hangs. */
    private void fetchTimedOut() {
      if (stage == RejectStage.FETCH && record.isOpen()) {
        String message =
            "The link gave no image within " + parts.fetchTimeout().toMillis() + " ms.";
        parts
            .threads()
            .outcome(() -> reject(new Refusal(RejectStage.FETCH, "FETCH_TIMEOUT", message)));
      }
    }

    private void prepare(byte[] image) throws RefusedException, InterruptedException {
      stage = RejectStage.DECODE;
      parts
          .listener()
          .onImage(
              Place.of(record),
              event.orElseThrow(),
              image,
              Instant.ofEpochMilli(record.timestamp()),
              record.since());
      PreparedImage prepared;
      parts.threads().decodePermits().acquire();
      long start = System.nanoTime();
      try {
        prepared = parts.model().prepare(image);
      } catch (UnreadableImageException e) {
        throw new RefusedException(RejectStage.DECODE, e.reason().name(), Failures.words(e));
      } finally {
        parts.threads().decodePermits().release();
        took(ProcessingStage.DECODE, start);
      }
      submit(prepared);
    }

    private void submit(PreparedImage prepared) throws InterruptedException {
      stage = RejectStage.MODEL;
      ImageEvent read = event.orElseThrow();
      String webText = read.getWebText();
      List<String> webTexts = webText == null || webText.isBlank() ? List.of() : List.of(webText);
      CapFiltInput input = new CapFiltInput(read.getId(), prepared, webTexts);
      CompletableFuture<Judgement> result = batches.submit(input, prepared.sizeInBytes());
      var unused = result.whenComplete(this::answered);
    }

    /** Judgements come on the threads of outcomes, all else on threads that must get on. */
    private void answered(Judgement judgement, Throwable failure) {
      Runnable last = () -> step(() -> judged(judgement, failure));
      if (failure == null) {
        last.run();
      } else {
        parts.threads().outcome(last);
      }
    }

    private void judged(Judgement judgement, Throwable wrapped) throws RefusedException {
      if (wrapped != null) {
        Throwable failure = Failures.unwrap(wrapped);
        if (failure instanceof CancellationException || failure instanceof BatcherClosedException) {
          return; // The task or the process is going; the record is read again.
        }
        LOG.warn("The model failed on {}: {}", record, Failures.words(failure));
        throw new RefusedException(RejectStage.MODEL, "MODEL_FAILED", Failures.words(failure));
      }
      var verdicts = parts.verdicts().of(judgement);
      complete(parts.writer().judged(record, event.orElseThrow(), verdicts));
    }

    private void complete(Outcome outcome) {
      if (record.complete(outcome)) {
        took(ProcessingStage.TOTAL, record.since());
      }
    }

    private void took(ProcessingStage timed, long since) {
      parts.listener().onStage(timed, System.nanoTime() - since);
    }
  }
}
