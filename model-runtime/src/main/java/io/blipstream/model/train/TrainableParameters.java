package io.blipstream.model.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.BlipParameters;
import io.blipstream.model.engine.pytorch.Parameters;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parameters of one BLIP in training. Text encoder and decoder share every parameter but those
 * of self-attention (Li et al. 2022, section 3.2): both names then give the same array.
 */
final class TrainableParameters implements Parameters {

  /** The learnable temperature of the contrastive loss; no checkpoint holds it. */
  static final String TEMPERATURE = "temp";

  private static final double INITIAL_TEMPERATURE = 0.07;
  private static final float LOWEST = 0.001f;
  private static final float HIGHEST = 0.5f;

  /** Tied to the word embeddings, and its bias to the head's. */
  private static final String OUTPUT_LAYER = "text_decoder.cls.predictions.decoder.";

  private static final String ENCODER = "text_encoder.";
  private static final String DECODER = "text_decoder.bert.";

  private final NDManager manager;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();

  /** Draws {@link InitialValues}. */
  TrainableParameters(NDManager manager, BlipConfig config, long seed) {
    this.manager = manager;
    InitialValues initial = new InitialValues(seed);
    names(config)
        .forEach(
            (name, shape) -> {
              String shared = sharedName(name);
              if (!arrays.containsKey(shared)) {
                put(shared, initial.of(shared, shape), shape);
              }
            });
    put(TEMPERATURE, new float[] {(float) INITIAL_TEMPERATURE}, new long[] {1});
  }

  /** Every name that the two checkpoints hold, with its shape. */
  private static Map<String, long[]> names(BlipConfig config) {
    Map<String, long[]> names = new LinkedHashMap<>(BlipParameters.captioner(config));
    names.putAll(BlipParameters.filter(config));
    return names;
  }

  @Override
  public NDArray get(String name, long... shape) {
    return get(name);
  }

  NDArray get(String name) {
    NDArray array = arrays.get(sharedName(name));
    if (array == null) {
      throw new IllegalArgumentException("There is no parameter " + name + " in this training.");
    }
    return array;
  }

  /** All arrays by the name they are kept under, in a fixed order. */
  Map<String, NDArray> all() {
    return Collections.unmodifiableMap(arrays);
  }

  /** Overwrites the values of a parameter. */
  void set(String name, float[] values) {
    get(name).set(values);
  }

  private void put(String name, float[] values, long[] shape) {
    NDArray array = manager.create(values, new Shape(shape));
    array.setRequiresGradient(true);
    NDScope.unregister(array);
    arrays.put(name, array);
  }

  /** Whether a checkpoint's name is written by itself: of two tied weights, one is enough. */
  static boolean written(String name) {
    return !name.startsWith(OUTPUT_LAYER);
  }

  /** Keeps the temperature in the range that BLIP's authors allow. */
  void clampTemperature() {
    float value = get(TEMPERATURE).toFloatArray()[0];
    set(TEMPERATURE, new float[] {Math.max(LOWEST, Math.min(HIGHEST, value))});
  }

  private static String sharedName(String name) {
    if (name.startsWith(OUTPUT_LAYER)) {
      return BlipParameters.tied(name);
    }
    boolean selfAttention = name.contains(".attention.");
    return name.startsWith(ENCODER) && !selfAttention
        ? DECODER + name.substring(ENCODER.length())
        : name;
  }
}
