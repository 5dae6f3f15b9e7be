package io.blipstream.model.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.blipstream.model.engine.pytorch.TorchScript;
import io.blipstream.model.engine.pytorch.TorchScript.AdamwSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Updates parameters from gradients, clipped by their global norm: Muon for the matrices of linear
 * layers (Jordan et al. 2024), AdamW for embeddings, the patch convolution, the ITM head and all
 * vectors (Loshchilov and Hutter 2019). Weight decay applies to matrices only.
 *
 * <p>BLIP's authors use AdamW throughout; on the small model trained here Muon needs a fraction of
 * the images, see {@code docs/decisions}.
 */
final class Optimizer {

  private static final double EPSILON = 1e-8;
  private static final double MOMENTUM = 0.95;
  private static final List<String> NEVER_MUON = List.of("embedding", "itm_head");

  private final TorchScript script;
  private final TrainingPlan plan;
  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> means = new LinkedHashMap<>();
  private final Map<String, NDArray> variances = new LinkedHashMap<>();
  private final NDArray step;
  private final List<String> layers = new ArrayList<>();
  private final List<String> tables = new ArrayList<>();
  private final List<String> vectors = new ArrayList<>();

  Optimizer(
      NDManager manager, TorchScript script, Map<String, NDArray> parameters, TrainingPlan plan) {
    this.script = script;
    this.plan = plan;
    this.parameters = parameters;
    parameters.forEach(
        (name, array) -> {
          List<String> kind = kind(name, array.getShape());
          kind.add(name);
          means.put(name, kept(manager.zeros(array.getShape())));
          if (kind != layers) {
            variances.put(name, kept(manager.zeros(array.getShape())));
          }
        });
    step = kept(manager.zeros(new Shape()));
  }

  private List<String> kind(String name, Shape shape) {
    if (shape.dimension() < 2) {
      return vectors;
    }
    return NEVER_MUON.stream().anyMatch(name::contains) ? tables : layers;
  }

  /**
   * Updates every parameter from its gradient and clears the gradients.
   *
   * @param warmth 0 to 1: share of the plan's learning rates
   * @return the gradients' global norm before clipping
   */
  double update(double warmth) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      parameters.forEach((name, array) -> gradients.put(name, array.getGradient()));
      NDArray norm = script.norm(List.copyOf(gradients.values()));
      double value = norm.getFloat();
      step.addi(1);
      NDArray divisor = norm.getManager().create((float) Math.max(1, value / plan.clipNorm()));
      script.muon(
          pick(layers, parameters),
          pick(layers, gradients),
          pick(layers, means),
          divisor,
          warmth * plan.muonRate(),
          plan.weightDecay(),
          MOMENTUM);
      adamw(tables, gradients, divisor, warmth, plan.weightDecay());
      adamw(vectors, gradients, divisor, warmth, 0);
      parameters.values().forEach(array -> JniUtils.zeroGrad((PtNDArray) array));
      return value;
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private void adamw(
      List<String> names,
      Map<String, NDArray> gradients,
      NDArray divisor,
      double warmth,
      double decay) {
    script.adamw(
        pick(names, parameters),
        pick(names, gradients),
        pick(names, means),
        pick(names, variances),
        Collections.nCopies(names.size(), step),
        divisor,
        new AdamwSettings(warmth * plan.adamRate(), decay, plan.beta1(), plan.beta2(), EPSILON));
  }

  /** First moments by parameter. */
  Map<String, NDArray> means() {
    return Collections.unmodifiableMap(means);
  }

  /** AdamW's second moments by parameter. */
  Map<String, NDArray> variances() {
    return Collections.unmodifiableMap(variances);
  }

  /** Goes on as after this many updates. */
  void resume(long updates) {
    step.set(new float[] {updates});
  }

  private static List<NDArray> pick(List<String> names, Map<String, NDArray> arrays) {
    return names.stream().map(arrays::get).toList();
  }

  private static NDArray kept(NDArray array) {
    NDScope.unregister(array);
    return array;
  }
}
