package io.blipstream.model.checkpoint;

/** Element types of a safetensors file; those that are not read here are known by their size. */
public enum Dtype {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E4M3(1),
  F8_E5M2(1),
  I16(2),
  U16(2),
  F16(2),
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  F64(8),
  I64(8),
  U64(8);

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes an element takes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements can be read as 32-bit floats without loss. */
  public boolean isFloating() {
    return this == F32 || this == F16 || this == BF16;
  }
}
