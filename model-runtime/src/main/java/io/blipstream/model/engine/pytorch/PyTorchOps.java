package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.convolutional.Conv2d;
import io.blipstream.model.network.Ops;
import java.util.function.Supplier;

/**
 * Computes each operation at once with libtorch.
 *
 * <p>What is computed belongs to the innermost open {@link NDScope}; whoever calls opens one, or
 * every intermediate result stays until its manager is closed. (DJL attaches a result to the
 * manager of its first operand, which for a parameter lives as long as the model.)
 */
public final class PyTorchOps implements Ops<NDArray> {

  private static final double NORMALIZE_EPSILON = 1e-12;

  private final Parameters parameters;
  private final TorchScript script;
  private final boolean training;

  private PyTorchOps(Parameters parameters, TorchScript script, boolean training) {
    this.parameters = parameters;
    this.script = script;
    this.training = training;
  }

  /** For inference: intermediate results are freed part by part. */
  public static PyTorchOps forInference(Parameters parameters, TorchScript script) {
    return new PyTorchOps(parameters, script, false);
  }

  /** For training: everything lives until the scope of the step ends, since backward needs it. */
  public static PyTorchOps forTraining(Parameters parameters, TorchScript script) {
    return new PyTorchOps(parameters, script, true);
  }

  @Override
  public NDArray parameter(String name, long... shape) {
    return parameters.get(name, shape);
  }

  @Override
  public NDArray linear(NDArray x, String weight, String bias, int in, int out) {
    return x.getNDArrayInternal()
        .linear(x, parameter(weight, out, in), parameter(bias, out))
        .singletonOrThrow();
  }

  @Override
  public NDArray layerNorm(NDArray x, String name, int width, float epsilon) {
    return x.getNDArrayInternal()
        .layerNorm(
            x,
            new Shape(width),
            parameter(name + ".weight", width),
            parameter(name + ".bias", width),
            epsilon)
        .singletonOrThrow();
  }

  @Override
  public NDArray gelu(NDArray x) {
    return x.getNDArrayInternal().gelu();
  }

  @Override
  public NDArray add(NDArray a, NDArray b) {
    return a.add(b);
  }

  @Override
  public NDArray patches(NDArray images, String name, int width, int patch) {
    NDArray grid =
        Conv2d.conv2d(
                images,
                parameter(name + ".weight", width, 3, patch, patch),
                parameter(name + ".bias", width),
                new Shape(patch, patch))
            .singletonOrThrow();
    return grid.reshape(grid.getShape().get(0), width, -1).transpose(0, 2, 1);
  }

  @Override
  public NDArray prepend(NDArray token, NDArray sequence) {
    Shape shape = sequence.getShape();
    return token.broadcast(new Shape(shape.get(0), 1, shape.get(2))).concat(sequence, 1);
  }

  @Override
  public NDArray embedding(NDArray ids, String name, int rows, int width) {
    return ids.getNDArrayInternal()
        .embedding(ids, parameter(name + ".weight", rows, width), SparseFormat.DENSE)
        .singletonOrThrow();
  }

  @Override
  public NDArray splitHeads(NDArray x, int heads) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), heads, -1).transpose(0, 2, 1, 3);
  }

  @Override
  public NDArray mergeHeads(NDArray x) {
    Shape shape = x.getShape();
    return x.transpose(0, 2, 1, 3).reshape(shape.get(0), shape.get(2), -1);
  }

  @Override
  public NDArray attention(NDArray queries, NDArray keys, NDArray values) {
    return call("attention", queries, keys, values);
  }

  @Override
  public NDArray attention(NDArray queries, NDArray keys, NDArray values, NDArray mask) {
    return call("masked_attention", queries, keys, values, mask);
  }

  private NDArray call(String function, NDArray... tensors) {
    return training ? script.differentiable(function, tensors) : script.call(function, tensors);
  }

  @Override
  public NDArray slice(NDArray x, int axis, long from, long to) {
    NDIndex index = new NDIndex();
    for (int i = 0; i < axis; i++) {
      index.addAllDim();
    }
    return x.get(index.addSliceDim(from, to));
  }

  @Override
  public NDArray concat(NDArray a, NDArray b, int axis) {
    return a.concat(b, axis);
  }

  @Override
  public NDArray token(NDArray x, int index) {
    Shape shape = x.getShape();
    long at = index < 0 ? shape.get(1) + index : index;
    return slice(x, 1, at, at + 1).reshape(shape.get(0), shape.get(2));
  }

  @Override
  public NDArray rows(NDArray matrix, NDArray numbers) {
    return call("rows", matrix, numbers);
  }

  @Override
  public NDArray reshape(NDArray x, long... shape) {
    return x.reshape(shape);
  }

  @Override
  public NDArray regroup(NDArray x, NDArray like) {
    return x.reshape(like.getShape().get(0), -1, x.getShape().get(2));
  }

  @Override
  public NDArray normalize(NDArray x) {
    return x.normalize(2, -1, NORMALIZE_EPSILON);
  }

  @Override
  public NDArray scoped(Supplier<NDArray> part) {
    if (training) {
      return part.get();
    }
    NDArray result;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      result = part.get();
      NDScope.unregister(result);
    }
    // The enclosing scope takes the result over, or it would never be freed.
    NDScope.register(result);
    return result;
  }
}
