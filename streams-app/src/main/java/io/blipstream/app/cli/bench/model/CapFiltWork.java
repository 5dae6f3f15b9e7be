package io.blipstream.app.cli.bench.model;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.CapFilts;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.text.BlipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The whole step, from prepared images to judgements. Where the model takes several calls at a
 * time, each has a share of the batch and begins anew as soon as it has ended, as in the service: a
 * batch has been run once as many images as it has are done.
 */
final class CapFiltWork implements StageWork {

  private final CapFilt model;
  private final List<CapFiltInput> batch;
  private final double flops;
  private final List<Thread> calls = new ArrayList<>();

  /** Images that are done and that no run has counted. */
  private final Semaphore done = new Semaphore(0);

  private volatile Optional<Throwable> failure = Optional.empty();
  private volatile boolean closed;

  private CapFiltWork(CapFilt model, List<CapFiltInput> batch, double flops) {
    this.model = model;
    this.batch = List.copyOf(batch);
    this.flops = flops;
  }

  static CapFiltWork open(ModelCase given) throws IOException, UnreadableImageException {
    Path captioner = Path.of(given.captioner());
    Path filter = Path.of(given.filter());
    CapFilt model =
        CapFilts.load(
            captioner,
            filter,
            CapFiltOptions.builder()
                .engine(given.request())
                .decoding(NetworkWork.decoding(given))
                .build(),
            PreparationListener.NONE);
    List<CapFiltInput> batch = new ArrayList<>();
    for (byte[] image : StageWork.images(given)) {
      batch.add(
          new CapFiltInput("image-" + batch.size(), model.prepare(image), List.of(given.text())));
    }
    return new CapFiltWork(model, batch, batch.size() * flops(given, captioner, filter));
  }

  private static double flops(ModelCase given, Path captionerFolder, Path filterFolder)
      throws IOException {
    try (Checkpoint captioner = Checkpoint.open(captionerFolder);
        Checkpoint filter = Checkpoint.open(filterFolder);
        BlipTokenizer tokenizer = BlipTokenizer.of(filter)) {
      return CaseFlops.capFilt(
          captioner,
          filter,
          given.tokens(),
          tokenizer.encode(given.text(), BlipTokenizer.MATCHED_TEXT_TOKENS).length,
          captioner.encodesImagesLike(filter));
    }
  }

  @Override
  public void run() {
    if (calls.isEmpty()) {
      start(Math.min(model.callsAtOnce(), batch.size()));
    }
    done.acquireUninterruptibly(batch.size());
    failure.ifPresent(
        cause -> {
          throw new IllegalStateException("the model failed", cause);
        });
  }

  private void start(int count) {
    for (int i = 0; i < count; i++) {
      List<CapFiltInput> share =
          batch.subList(batch.size() * i / count, batch.size() * (i + 1) / count);
      Thread call = new Thread(() -> judge(share), "capfilt-" + i);
      call.start();
      calls.add(call);
    }
  }

  private void judge(List<CapFiltInput> share) {
    try {
      while (!closed) {
        model.judge(share);
        done.release(share.size());
      }
    } catch (RuntimeException | Error e) {
      failure = Optional.of(e);
      done.release(batch.size());
    }
  }

  @Override
  public double flops() {
    return flops;
  }

  @Override
  public String engine() {
    return model.description().engine();
  }

  @Override
  public void close() {
    closed = true;
    for (Thread call : calls) {
      try {
        call.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return; // What a call works on must not be freed.
      }
    }
    model.close();
  }
}
