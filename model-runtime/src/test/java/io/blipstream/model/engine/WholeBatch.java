package io.blipstream.model.engine;

import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.generate.CaptionGenerator;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.GeneratedText;
import io.blipstream.model.generate.Strategy;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** All that an engine does for a batch, to be done many times over. */
public final class WholeBatch {

  private final VisionModel vision;
  private final CaptionModel captioner;
  private final FilterModel filter;
  private final PixelBatch pixels = BlipEngineContract.pixels(1, 2, 3, 4);

  private WholeBatch(VisionModel vision, CaptionModel captioner, FilterModel filter) {
    this.vision = vision;
    this.captioner = captioner;
    this.filter = filter;
  }

  /** Loads a tiny captioner and a filter, which it writes to the folder. */
  public static WholeBatch on(BlipEngine engine, Path folder) throws IOException {
    RandomCheckpoint.write(
        folder.resolve("captioner"), Architecture.CAPTIONER, RandomCheckpoint.TINY, 1, 2);
    RandomCheckpoint.write(
        folder.resolve("filter"), Architecture.FILTER, RandomCheckpoint.TINY, 1, 3);
    try (Checkpoint captioner = Checkpoint.open(folder.resolve("captioner"));
        Checkpoint filter = Checkpoint.open(folder.resolve("filter"))) {
      return new WholeBatch(
          engine.vision(captioner), engine.captioner(captioner), engine.filter(filter));
    }
  }

  /** Encodes, captions with three beams, and scores, so many times over. */
  public void run(int times) {
    for (int i = 0; i < times; i++) {
      run();
    }
  }

  private void run() {
    CaptionGenerator generator =
        new CaptionGenerator(
            captioner,
            RandomCheckpoint.TINY.text(),
            new DecodingSettings(new Strategy.Beam(3, 1, Strategy.EarlyStopping.FALSE), 8, 0, 1));
    try (EncodedImages images = vision.encode(pixels)) {
      List<String> ids = Collections.nCopies(images.count(), "an image");
      long start = RandomCheckpoint.TINY.text().bosTokenId();
      List<long[]> texts = new ArrayList<>();
      for (List<GeneratedText> ofImage : generator.generate(images, ids, 1, start)) {
        texts.add(ofImage.get(0).tokens());
      }
      texts.addAll(List.copyOf(texts));
      TokenBatch batch = TokenBatch.of(texts, 0);
      filter.score(images, batch, batch);
    }
  }

  /**
   * Runs several stretches of so many batches and tells what a stretch leaves behind, in bytes of
   * resident memory: the median growth from one to the next. What stays of each batch shows in
   * every stretch; what the JVM or malloc take once, a heap, an arena or a compiler's memory, only
   * in one.
   */
  public long medianGrowth(int stretches, int batches) throws IOException {
    long before = leastResidentBytes(batches);
    long[] growths = new long[stretches - 1];
    for (int i = 0; i < growths.length; i++) {
      long least = leastResidentBytes(batches);
      growths[i] = least - before;
      before = least;
    }
    Arrays.sort(growths);
    return growths[growths.length / 2];
  }

  /** The least after any batch of a stretch: G1 gives memory back a while after a collection. */
  private long leastResidentBytes(int batches) throws IOException {
    System.gc();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < batches; i++) {
      run();
      least = Math.min(least, residentBytes());
    }
    return least;
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("/proc/self/status states no VmRSS");
  }
}
