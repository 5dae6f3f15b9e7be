package io.blipstream.model;

/** What a model runs on. */
public enum ComputeDevice {
  CPU,
  /** The first CUDA device; needs a libtorch built for CUDA. */
  GPU
}
