package io.blipstream.app.inflight;

import java.util.Optional;

/** One serialized record that an outcome sends on. Its bytes are not copied, nor to be changed. */
public final class Output {

  private final String sink;
  private final Optional<byte[]> key;
  private final byte[] value;
  private final boolean keepsHeaders;

  /**
   * A record for a sink.
   *
   * @param sink name of the sink node it goes to
   * @param keepsHeaders whether all of the input's headers pass through; false only where they
   *     would make the record larger than what may be written: then its trace context alone does
   */
  public Output(String sink, Optional<byte[]> key, byte[] value, boolean keepsHeaders) {
    this.sink = sink;
    this.key = key;
    this.value = value;
    this.keepsHeaders = keepsHeaders;
  }

  public String sink() {
    return sink;
  }

  public Optional<byte[]> key() {
    return key;
  }

  public byte[] value() {
    return value;
  }

  public boolean keepsHeaders() {
    return keepsHeaders;
  }
}
