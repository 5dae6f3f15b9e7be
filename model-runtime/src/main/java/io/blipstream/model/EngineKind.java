package io.blipstream.model;

/** What runs BLIP's networks. */
public enum EngineKind {
  /** ONNX Runtime, with graphs recorded from the checkpoint. */
  ONNX,
  /** libtorch, operation by operation: the reference, and what trains. */
  PYTORCH
}
