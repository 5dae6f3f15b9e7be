package io.blipstream.model.checkpoint;

/** How many bits a written weight keeps. */
public enum Precision {
  F32(Dtype.F32),
  /** Half the size; values are rounded to nearest, and those beyond ±65504 are refused. */
  F16(Dtype.F16);

  private final Dtype dtype;

  Precision(Dtype dtype) {
    this.dtype = dtype;
  }

  Dtype dtype() {
    return dtype;
  }
}
