package io.blipstream.app.cli.bench.model;

import io.blipstream.model.UnreadableImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A stage that is loaded and has its batch, ready to be run time after time. */
interface StageWork extends AutoCloseable {

  /** The batch, once. */
  void run();

  /** Operations of a batch in matrix products, a multiply-add counting two. */
  double flops();

  /** What computes, as it describes itself. */
  String engine();

  @Override
  void close();

  /** Loads what the stage needs, and nothing else. */
  static StageWork open(ModelCase given) throws IOException, UnreadableImageException {
    return given.stage() == ModelStage.CAPFILT ? CapFiltWork.open(given) : NetworkWork.open(given);
  }

  /** The encoded images of the case's batch. */
  static List<byte[]> images(ModelCase given) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(given.images()))) {
      files = all.filter(Files::isRegularFile).sorted().limit(given.batch()).toList();
    }
    if (files.isEmpty()) {
      throw new IOException("There are no images in " + given.images() + ".");
    }
    List<byte[]> encoded = new ArrayList<>();
    for (int i = 0; i < given.batch(); i++) {
      encoded.add(Files.readAllBytes(files.get(i % files.size())));
    }
    return encoded;
  }
}
