package io.blipstream.model;

/** What an engine computes its matrix products in. */
public enum NumericPrecision {
  /** 32-bit floats, as the reference does. */
  FP32,
  /** 16-bit floats: for GPUs. */
  FP16,
  /** 8-bit integers, weights scaled by output channel and activations as they come: for CPUs. */
  INT8
}
