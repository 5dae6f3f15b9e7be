package io.blipstream.model.network;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Computes nothing but shapes, checks that they fit, and notes the parameters asked for. */
final class RecordingOps implements Ops<long[]> {

  private final Map<String, List<Long>> parameters = new TreeMap<>();

  Map<String, List<Long>> parameters() {
    return parameters;
  }

  @Override
  public long[] parameter(String name, long... shape) {
    List<Long> before = parameters.put(name, Arrays.stream(shape).boxed().toList());
    require(before == null || before.equals(parameters.get(name)), name + " has two shapes");
    return shape;
  }

  @Override
  public long[] linear(long[] x, String weight, String bias, int in, int out) {
    require(x[x.length - 1] == in, weight + " takes " + in + ", not " + Arrays.toString(x));
    parameter(weight, out, in);
    parameter(bias, out);
    return withLast(x, out);
  }

  @Override
  public long[] layerNorm(long[] x, String name, int width, float epsilon) {
    require(x[x.length - 1] == width, name + " takes " + width + ", not " + Arrays.toString(x));
    parameter(name + ".weight", width);
    parameter(name + ".bias", width);
    return x;
  }

  @Override
  public long[] gelu(long[] x) {
    return x;
  }

  @Override
  public long[] add(long[] a, long[] b) {
    for (int i = 1; i <= b.length; i++) {
      long extent = b[b.length - i];
      require(extent == 1 || extent == a[a.length - i], "cannot add " + Arrays.toString(b));
    }
    return a;
  }

  @Override
  public long[] patches(long[] images, String name, int width, int patch) {
    parameter(name + ".weight", width, 3, patch, patch);
    parameter(name + ".bias", width);
    return new long[] {images[0], (images[2] / patch) * (images[3] / patch), width};
  }

  @Override
  public long[] prepend(long[] token, long[] sequence) {
    return new long[] {sequence[0], 1 + sequence[1], sequence[2]};
  }

  @Override
  public long[] embedding(long[] ids, String name, int rows, int width) {
    parameter(name + ".weight", rows, width);
    long[] shape = Arrays.copyOf(ids, ids.length + 1);
    shape[ids.length] = width;
    return shape;
  }

  @Override
  public long[] splitHeads(long[] x, int heads) {
    require(x[2] % heads == 0, heads + " heads do not divide " + x[2]);
    return new long[] {x[0], heads, x[1], x[2] / heads};
  }

  @Override
  public long[] mergeHeads(long[] x) {
    return new long[] {x[0], x[2], x[1] * x[3]};
  }

  @Override
  public long[] attention(long[] queries, long[] keys, long[] values) {
    require(
        queries[0] == keys[0] && queries[3] == keys[3] && Arrays.equals(keys, values),
        "attention of " + Arrays.toString(queries) + " to " + Arrays.toString(keys));
    return queries;
  }

  @Override
  public long[] attention(long[] queries, long[] keys, long[] values, long[] mask) {
    return attention(queries, keys, values);
  }

  @Override
  public long[] slice(long[] x, int axis, long from, long to) {
    require(0 <= from && from < to && to <= x[axis], "slice " + from + " to " + to);
    long[] shape = x.clone();
    shape[axis] = to - from;
    return shape;
  }

  @Override
  public long[] concat(long[] a, long[] b, int axis) {
    long[] shape = a.clone();
    shape[axis] += b[axis];
    return shape;
  }

  @Override
  public long[] token(long[] x, int index) {
    require(Math.abs(index) <= x[1], "token " + index + " of " + Arrays.toString(x));
    return new long[] {x[0], x[2]};
  }

  @Override
  public long[] rows(long[] matrix, long[] numbers) {
    return new long[] {numbers[0], matrix[1]};
  }

  @Override
  public long[] regroup(long[] x, long[] like) {
    require(x[0] * x[1] % like[0] == 0, Arrays.toString(x) + " into " + like[0]);
    return new long[] {like[0], x[0] * x[1] / like[0], x[2]};
  }

  @Override
  public long[] reshape(long[] x, long... shape) {
    long[] result = shape.clone();
    long known = Arrays.stream(shape).filter(extent -> extent >= 0).reduce(1, (a, b) -> a * b);
    long all = Arrays.stream(x).reduce(1, (a, b) -> a * b);
    for (int i = 0; i < result.length; i++) {
      result[i] = result[i] < 0 ? all / known : result[i];
    }
    require(
        Arrays.stream(result).reduce(1, (a, b) -> a * b) == all,
        Arrays.toString(shape) + " is no reshaping of " + Arrays.toString(x));
    return result;
  }

  @Override
  public long[] normalize(long[] x) {
    return x;
  }

  private static long[] withLast(long[] x, long last) {
    long[] shape = x.clone();
    shape[shape.length - 1] = last;
    return shape;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
