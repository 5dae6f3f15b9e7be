package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphFilesTest {

  private static final int LARGEST_WEIGHT = IntegerProducts.WHOLE_BYTE;

  /** Enough for writers to replace each other's files at the same moment. */
  private static final int ROUNDS = 100;

  @TempDir Path folder;

  private Path captioner;

  @BeforeEach
  void write() throws IOException {
    captioner = folder.resolve("captioner");
    RandomCheckpoint.write(captioner, Architecture.CAPTIONER, RandomCheckpoint.TINY, 1, 2);
  }

  @Test
  void shouldWriteAGraphOnceAndTakeItFromThenOn() throws IOException {
    List<String> told = new ArrayList<>();
    PreparationListener listener =
        (what, done, total) -> {
          assertThat(done).isLessThanOrEqualTo(total);
          told.add(what + (done == total ? " done" : ""));
        };

    Path first = file(NumericPrecision.INT8, listener);
    assertThat(told).contains("writing vision int8 of captioner done");
    assertThat(told.stream().filter(line -> line.endsWith("done"))).hasSize(1);
    told.clear();
    Object written = Files.getLastModifiedTime(first);

    assertThat(file(NumericPrecision.INT8, listener)).isEqualTo(first);
    assertThat(told).isEmpty();
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(written);
    assertThat(first.getParent()).isEqualTo(captioner.resolve("onnx"));
  }

  @Test
  void shouldMakeAnotherGraphOfOtherWeightsAndForAnotherPrecision() throws IOException {
    Path first = file(NumericPrecision.INT8);
    Path otherPrecision = file(NumericPrecision.FP32);
    RandomCheckpoint.write(captioner, Architecture.CAPTIONER, RandomCheckpoint.TINY, 9, 9);
    Path otherWeights = file(NumericPrecision.INT8);

    assertThat(Set.of(first, otherPrecision, otherWeights)).hasSize(3);
  }

  @Test
  void shouldMakeAnotherGraphForAProcessorThatTakesSmallerWeights() throws IOException {
    int smaller = IntegerProducts.IN_PAIRS;

    assertThat(file(NumericPrecision.INT8, smaller, PreparationListener.NONE))
        .isNotEqualTo(file(NumericPrecision.INT8));
    assertThat(file(NumericPrecision.FP32, smaller, PreparationListener.NONE))
        .isEqualTo(file(NumericPrecision.FP32));
  }

  @Test
  void shouldLeaveNothingButGraphsBehind() throws IOException {
    file(NumericPrecision.INT8);

    assertThat(names(captioner.resolve("onnx")))
        .hasSize(2)
        .allMatch(name -> name.endsWith(".onnx") || name.endsWith(".weights"));
  }

  @Test
  void shouldWriteToTheCacheWhereTheCheckpointCannotBeWrittenTo() throws IOException {
    Files.createFile(captioner.resolve("onnx"));

    Path graph = file(NumericPrecision.INT8);

    assertThat(graph).exists();
    assertThat(graph.startsWith(captioner)).isFalse();
    Files.delete(graph);
    Files.delete(graph.resolveSibling(graph.getFileName().toString().replace(".onnx", ".weights")));
  }

  @Test
  void shouldNotMindOthersWhoWriteTheSameAtTheSameTime() throws Exception {
    List<Callable<Path>> tasks = Collections.nCopies(4, () -> file(NumericPrecision.INT8));
    ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
    try {
      for (int round = 0; round < ROUNDS; round++) {
        for (Future<Path> written : pool.invokeAll(tasks)) {
          assertThat(written.get()).exists();
        }
        assertThat(names(captioner.resolve("onnx"))).hasSize(2);
        for (String name : names(captioner.resolve("onnx"))) {
          Files.delete(captioner.resolve("onnx").resolve(name));
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void shouldNameWeightsThatAreMissing() throws IOException {
    Path filter = folder.resolve("filter");
    RandomCheckpoint.write(filter, Architecture.FILTER, RandomCheckpoint.TINY, 1, 2);
    try (Checkpoint checkpoint = Checkpoint.open(filter)) {
      GraphFiles files =
          new GraphFiles(NumericPrecision.INT8, () -> LARGEST_WEIGHT, PreparationListener.NONE);
      assertThatThrownBy(() -> files.file(BlipGraph.DECODER, checkpoint))
          .isInstanceOf(CheckpointException.class);
    }
    assertThat(filter.resolve("onnx")).doesNotExist();
  }

  private Path file(NumericPrecision precision) throws IOException {
    return file(precision, PreparationListener.NONE);
  }

  private Path file(NumericPrecision precision, PreparationListener listener) throws IOException {
    return file(precision, LARGEST_WEIGHT, listener);
  }

  private Path file(NumericPrecision precision, int largestWeight, PreparationListener listener)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(captioner)) {
      return new GraphFiles(precision, () -> largestWeight, listener)
          .file(BlipGraph.VISION, checkpoint);
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
