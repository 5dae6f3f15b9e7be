package io.blipstream.model;

/** What a model runs on. */
public enum ComputeDevice {
  CPU,
  /** The first CUDA device; needs native libraries built for CUDA. */
  GPU,
  /** The same through TensorRT, which compiles the graphs for it; ONNX Runtime only. */
  TENSORRT
}
