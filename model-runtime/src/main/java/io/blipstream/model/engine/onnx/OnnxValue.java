package io.blipstream.model.engine.onnx;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value of a graph that is being recorded. Its nodes are added when its name is first asked for,
 * so that a reader who knows a better form of the same value can take that instead, and the nodes
 * are never there.
 */
final class OnnxValue {

  private final Supplier<String> recording;
  private final int rank;
  private final Optional<OnnxValue> merged;
  private final int heads;
  private final Optional<Columns> columns;
  private String name;

  private OnnxValue(
      Supplier<String> recording,
      int rank,
      Optional<OnnxValue> merged,
      int heads,
      Optional<Columns> columns) {
    this.recording = recording;
    this.rank = rank;
    this.merged = merged;
    this.heads = heads;
    this.columns = columns;
  }

  /** A value that is there already. */
  static OnnxValue of(String name, int rank) {
    return new OnnxValue(() -> name, rank, Optional.empty(), 1, Optional.empty());
  }

  /** The heads [B, heads, L, E] of a value [B, L, heads * E]. */
  static OnnxValue headsOf(OnnxValue merged, int heads, Supplier<String> recording) {
    return new OnnxValue(recording, 4, Optional.of(merged), heads, Optional.empty());
  }

  /** A linear layer's output, any range of whose columns can be computed alone. */
  static OnnxValue ofColumns(int rank, Supplier<String> all, Columns columns) {
    return new OnnxValue(all, rank, Optional.empty(), 1, Optional.of(columns));
  }

  String name() {
    if (name == null) {
      name = recording.get();
    }
    return name;
  }

  int rank() {
    return rank;
  }

  /** The same with heads side by side on the last axis, where that is at hand. */
  Optional<OnnxValue> merged() {
    return merged;
  }

  /** How many heads were split off. */
  int heads() {
    return heads;
  }

  /** Computes columns alone, where this is a linear layer's output that nobody has read yet. */
  Optional<Columns> columns() {
    return name == null ? columns : Optional.empty();
  }

  /** Columns {@code from} to {@code to} of a linear layer's output. */
  @FunctionalInterface
  interface Columns {
    OnnxValue of(int from, int to);
  }
}
