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

/** The whole step, from prepared images to judgements. */
final class CapFiltWork implements StageWork {

  private final CapFilt model;
  private final List<CapFiltInput> batch;
  private final double flops;

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
    model.judge(batch);
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
    model.close();
  }
}
