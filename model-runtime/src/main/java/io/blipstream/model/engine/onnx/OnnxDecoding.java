package io.blipstream.model.engine.onnx;

import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.engine.RowGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Decoding on ONNX Runtime: a batch in parts, which are worked at side by side. */
final class OnnxDecoding implements Decoding {

  private final Workers workers;
  private final List<PartDecoding> parts;
  private final FloatRows first;

  /** For each part, how many of its images still have rows. */
  private int[] images;

  private int[] imageOfRow;

  /**
   * Starts a row an image.
   *
   * @param start begins the decoding of some of the images
   */
  OnnxDecoding(ImageRuns runs, int count, Function<Workers.Span, PartDecoding> start) {
    this.workers = runs.workers();
    this.imageOfRow = RowGroups.start(count);
    List<Workers.Span> spans = runs.parts(count);
    this.images = spans.stream().mapToInt(Workers.Span::count).toArray();
    PartDecoding[] started = new PartDecoding[spans.size()];
    try {
      workers.each(started.length, part -> started[part] = start.apply(spans.get(part)));
    } catch (RuntimeException | Error e) {
      Arrays.stream(started).filter(Objects::nonNull).forEach(PartDecoding::close);
      throw e;
    }
    this.parts = List.of(started);
    this.first = joined(parts.stream().map(PartDecoding::logits).toList());
  }

  @Override
  public FloatRows logits() {
    return first;
  }

  @Override
  public FloatRows next(int[] parents, long[] tokens) {
    RowGroups groups = RowGroups.of(imageOfRow, parents, tokens);
    List<Step> steps = steps(groups, parents, tokens);
    FloatRows[] logits = new FloatRows[steps.size()];
    workers.each(steps.size(), i -> logits[i] = steps.get(i).run());
    int[] left = new int[parts.size()];
    steps.forEach(step -> left[step.part] = step.kept.length);
    images = left;
    imageOfRow = groups.imageOfRow();
    return joined(List.of(logits));
  }

  /** What each part that still has rows does next. */
  private List<Step> steps(RowGroups groups, int[] parents, long... tokens) {
    List<Step> steps = new ArrayList<>();
    int firstImage = 0;
    int firstRow = 0;
    int row = 0;
    int rowsPerImageBefore = imageOfRow.length / Arrays.stream(images).sum();
    for (int part = 0; part < parts.size(); part++) {
      int from = firstImage;
      int to = firstImage + images[part];
      int offset = firstRow;
      int[] kept =
          Arrays.stream(groups.images())
              .filter(image -> image >= from && image < to)
              .map(image -> image - from)
              .toArray();
      int rows = kept.length * groups.perImage();
      if (rows > 0) {
        steps.add(
            new Step(
                part,
                kept,
                IntStream.range(row, row + rows).map(i -> parents[i] - offset).toArray(),
                Arrays.copyOfRange(tokens, row, row + rows)));
      }
      row += rows;
      firstRow += images[part] * rowsPerImageBefore;
      firstImage = to;
    }
    return steps;
  }

  private static FloatRows joined(List<FloatRows> rows) {
    if (rows.size() == 1) {
      return rows.get(0);
    }
    int width = rows.get(0).width();
    float[] all = new float[rows.stream().mapToInt(part -> part.values().length).sum()];
    int at = 0;
    for (FloatRows part : rows) {
      System.arraycopy(part.values(), 0, all, at, part.values().length);
      at += part.values().length;
    }
    return new FloatRows(all, width);
  }

  @Override
  public void close() {
    parts.forEach(PartDecoding::close);
  }

  /** A part's share of a step. */
  private final class Step {

    private final int part;
    private final int[] kept;
    private final int[] parents;
    private final long[] tokens;

    Step(int part, int[] kept, int[] parents, long... tokens) {
      this.part = part;
      this.kept = kept;
      this.parents = parents;
      this.tokens = tokens;
    }

    FloatRows run() {
      return parts.get(part).next(kept, parents, tokens);
    }
  }
}
