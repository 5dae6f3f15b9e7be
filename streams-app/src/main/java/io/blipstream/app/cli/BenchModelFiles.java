package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.model.RandomPictures;
import io.blipstream.model.BundledModel;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.train.UntrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The checkpoints and images that {@code bench model} measures with.
 *
 * @param name of the model, for the report
 * @param images of the captioner's size
 */
record BenchModelFiles(String name, Path captioner, Path filter, Path images) {

  /** The last file of a checkpoint that its writer writes. */
  private static final String LAST_WRITTEN = "preprocessor_config.json";

  /**
   * Makes what is not there yet.
   *
   * @param folders a model to be measured; the bundled one if there is neither this nor a size
   * @param size of a random model, written into the folder
   * @param sameVision whether the random captioner and filter have the same vision weights
   * @param count of images at least
   */
  static BenchModelFiles in(
      Path folder,
      Optional<ModelSource.Folders> folders,
      Optional<UntrainedModel.Size> size,
      boolean sameVision,
      int count)
      throws IOException {
    if (size.isPresent()) {
      return random(folder, size.get(), sameVision, count);
    }
    if (folders.isPresent()) {
      ModelSource.Folders both = folders.get();
      return of(
          both.captioner().getFileName() + "+" + both.filter().getFileName(),
          both.captioner(),
          both.filter(),
          folder,
          count);
    }
    BundledModel bundled = BundledModel.unpack();
    return of("bundled", bundled.captioner(), bundled.filter(), folder, count);
  }

  private static BenchModelFiles random(
      Path folder, UntrainedModel.Size size, boolean sameVision, int count) throws IOException {
    UntrainedModel model = UntrainedModel.ofSize(size);
    Path captioner = folder.resolve("captioner");
    Path filter = folder.resolve(sameVision ? "filter-same-vision" : "filter");
    if (!Files.exists(captioner.resolve(LAST_WRITTEN))) {
      model.writeCaptioner(captioner);
    }
    if (!Files.exists(filter.resolve(LAST_WRITTEN))) {
      model.writeFilter(filter, sameVision);
    }
    String name = "random " + size.name().toLowerCase(Locale.ROOT);
    return of(sameVision ? name + ", same vision" : name, captioner, filter, folder, count);
  }

  private static BenchModelFiles of(
      String name, Path captionerFolder, Path filterFolder, Path folder, int count)
      throws IOException {
    try (Checkpoint captioner = Checkpoint.open(captionerFolder);
        Checkpoint filter = Checkpoint.open(filterFolder)) {
      // A mistyped folder is to be found before minutes are spent on the other one.
      captioner.require(Architecture.CAPTIONER);
      filter.require(Architecture.FILTER);
      ImagePreprocessing size = captioner.preprocessing();
      Path images = folder.resolve("images");
      RandomPictures.write(images, count, size.width(), size.height());
      return new BenchModelFiles(name, captionerFolder, filterFolder, images);
    }
  }
}
