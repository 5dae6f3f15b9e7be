package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.engine.RowGroups;
import io.blipstream.model.network.KeyValues;
import io.blipstream.model.network.TextDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decoding on libtorch: the image's keys and values, those of the tokens so far, and which image
 * each row belongs to. Arrays here are in no scope; each step closes those it replaces.
 */
final class PyTorchDecoding implements Decoding {

  private final NDManager manager;
  private final TorchScript script;
  private final TextDecoder<NDArray> decoder;
  private final FloatRows first;

  /** A batch entry for each image that still has rows. */
  private List<KeyValues<NDArray>> images = List.of();

  /** A batch entry for each row. */
  private List<KeyValues<NDArray>> cache = List.of();

  /** For each row, the entry of {@link #images} it belongs to. */
  private int[] imageOfRow;

  private int position;

  PyTorchDecoding(
      NDManager manager,
      TorchScript script,
      TextDecoder<NDArray> decoder,
      NDArray imageTokens,
      long[] tokens) {
    this.manager = manager;
    this.script = script;
    this.decoder = decoder;
    int count = Math.toIntExact(imageTokens.getShape().get(0));
    this.imageOfRow = RowGroups.start(count);
    try {
      this.first =
          Computation.run(
              "starting to caption " + count + " images",
              () -> {
                images = keep(decoder.crossKeyValues(imageTokens));
                return step(repeat(tokens, count), tokens.length);
              });
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public FloatRows logits() {
    return first;
  }

  @Override
  public FloatRows next(int[] parents, long[] tokens) {
    RowGroups groups = RowGroups.of(imageOfRow, parents, tokens);
    return Computation.run(
        "captioning, token " + (position + 1),
        () -> {
          images = select(images, groups.images());
          cache = select(cache, parents);
          imageOfRow = groups.imageOfRow();
          return step(tokens, 1);
        });
  }

  /** Runs the decoder over new tokens [rows, L] and takes over its cache. */
  private FloatRows step(long[] tokens, int length) {
    NDArray ids = manager.create(tokens, new Shape(imageOfRow.length, length));
    NDArray positions = TextTensors.positions(manager, position, length);
    Optional<NDArray> mask =
        length == 1 ? Optional.empty() : Optional.of(TextTensors.causalMask(manager, length));
    TextDecoder.Step<NDArray> step = decoder.step(ids, positions, mask, cache, images);
    FloatRows logits = Computation.rows(step.logits());
    List<KeyValues<NDArray>> replaced = cache;
    cache = keep(step.cache());
    close(replaced);
    position += length;
    return logits;
  }

  /** The entries of a batch that are named, layer by layer; closes what it replaces. */
  private List<KeyValues<NDArray>> select(List<KeyValues<NDArray>> layers, int[] entries) {
    if (Arrays.equals(entries, IntStream.range(0, batchSize(layers)).toArray())) {
      return layers;
    }
    NDArray index = manager.create(Arrays.stream(entries).asLongStream().toArray());
    List<KeyValues<NDArray>> selected = new ArrayList<>();
    for (KeyValues<NDArray> layer : layers) {
      selected.add(
          new KeyValues<>(
              script.call("rows", layer.keys(), index),
              script.call("rows", layer.values(), index)));
    }
    List<KeyValues<NDArray>> kept = keep(selected);
    close(layers);
    return kept;
  }

  private static int batchSize(List<KeyValues<NDArray>> layers) {
    return Math.toIntExact(layers.get(0).keys().getShape().get(0));
  }

  private static long[] repeat(long[] tokens, int times) {
    return IntStream.range(0, times * tokens.length)
        .mapToLong(i -> tokens[i % tokens.length])
        .toArray();
  }

  private static List<KeyValues<NDArray>> keep(List<KeyValues<NDArray>> layers) {
    layers.forEach(
        layer -> {
          Computation.keep(layer.keys());
          Computation.keep(layer.values());
        });
    return layers;
  }

  private static void close(List<KeyValues<NDArray>> layers) {
    layers.forEach(
        layer -> {
          layer.keys().close();
          layer.values().close();
        });
  }

  @Override
  public void close() {
    close(images);
    close(cache);
    images = List.of();
    cache = List.of();
  }
}
