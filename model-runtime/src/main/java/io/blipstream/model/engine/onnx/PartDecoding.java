package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OrtSession;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.AttentionMask;
import io.blipstream.model.engine.FloatRows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Decoding of a part of a batch, which one thread at a time works at: the images' keys and values
 * stay where they are, and those of the tokens so far go from the result of one step into the next
 * without a copy.
 */
final class PartDecoding implements AutoCloseable {

  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private final OnnxSession session;
  private final TextConfig config;
  private final ImageKeysValues images;
  private final Set<String> outputs = new HashSet<>();
  private final FloatRows first;

  /** Keys and values of the tokens so far; none before the first step. */
  private Optional<OrtSession.Result> past = Optional.empty();

  private int position;

  /**
   * Takes the images over, and closes them in the end.
   *
   * @param tokens with which each row starts, one row an image
   */
  PartDecoding(OnnxSession session, TextConfig config, ImageKeysValues images, long... tokens) {
    this.session = session;
    this.config = config;
    this.images = images;
    outputs.add(BlipGraph.LOGITS);
    for (int layer = 0; layer < config.layers(); layer++) {
      outputs.add(BlipGraph.newKey(layer));
      outputs.add(BlipGraph.newValue(layer));
    }
    int rows = images.count();
    long[] ids =
        IntStream.range(0, rows * tokens.length)
            .mapToLong(i -> tokens[i % tokens.length])
            .toArray();
    try {
      this.first = step(IntStream.range(0, rows).toArray(), ids);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Logits for the token after the start tokens. */
  FloatRows logits() {
    return first;
  }

  /**
   * Appends a token to each row.
   *
   * @param kept the images that still have rows, ascending
   * @param parents the rows of the step before that are continued
   */
  FloatRows next(int[] kept, int[] parents, long... tokens) {
    images.keep(kept);
    return step(parents, tokens);
  }

  /** Runs the decoder over new tokens [rows, length] and takes over its cache. */
  private FloatRows step(int[] parents, long... ids) {
    int rows = parents.length;
    int length = ids.length / rows;
    try (NamedTensors inputs = images.tensors()) {
      inputs.own(BlipGraph.IDS, OnnxSession.integers(ids, rows, length));
      inputs.own(
          BlipGraph.POSITIONS,
          OnnxSession.integers(
              LongStream.range(position, (long) position + length).toArray(), length));
      inputs.own(
          BlipGraph.MASK,
          OnnxSession.floats(
              AttentionMask.causal(position, length), 1, 1, length, (long) position + length));
      inputs.own(
          BlipGraph.PARENTS,
          OnnxSession.integers(Arrays.stream(parents).asLongStream().toArray(), rows));
      enterPast(inputs, rows);
      OrtSession.Result result =
          session.run(
              "captioning %d images, token %d".formatted(images.count(), position + length),
              inputs.byName(),
              outputs,
              Map.of());
      past.ifPresent(OrtSession.Result::close);
      past = Optional.of(result);
      position += length;
      return OnnxSession.rows(result, BlipGraph.LOGITS);
    }
  }

  private void enterPast(NamedTensors inputs, int rows) {
    for (int layer = 0; layer < config.layers(); layer++) {
      if (past.isPresent()) {
        OrtSession.Result before = past.get();
        inputs.borrow(
            BlipGraph.pastKey(layer), OnnxSession.tensor(before, BlipGraph.newKey(layer)));
        inputs.borrow(
            BlipGraph.pastValue(layer), OnnxSession.tensor(before, BlipGraph.newValue(layer)));
      } else {
        long[] nothing = {rows, config.heads(), 0, BlipGraph.headWidth(config)};
        inputs.own(BlipGraph.pastKey(layer), OnnxSession.floats(EMPTY, 0, nothing));
        inputs.own(BlipGraph.pastValue(layer), OnnxSession.floats(EMPTY, 0, nothing));
      }
    }
  }

  @Override
  public void close() {
    past.ifPresent(OrtSession.Result::close);
    past = Optional.empty();
    images.close();
  }
}
