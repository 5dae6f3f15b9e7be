package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tensors by the names of a graph's inputs or outputs; closing this closes those it owns. */
final class NamedTensors implements AutoCloseable {

  private final Map<String, OnnxTensor> byName = new HashMap<>();
  private final List<OnnxTensor> owned = new ArrayList<>();

  /** Adds a tensor that is closed in the end. */
  void own(String name, OnnxTensor tensor) {
    owned.add(tensor);
    byName.put(name, tensor);
  }

  /** Adds a tensor that lives on. */
  void borrow(String name, OnnxTensor tensor) {
    byName.put(name, tensor);
  }

  Map<String, OnnxTensor> byName() {
    return byName;
  }

  @Override
  public void close() {
    owned.forEach(OnnxTensor::close);
  }
}
