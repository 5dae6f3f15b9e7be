package io.blipstream.app.cli.soak;

import java.util.Locale;

/** How instances divide the partitions, {@code group.protocol}; named as on the command line. */
public enum Protocol {
  CLASSIC,
  /** KIP-1071. */
  STREAMS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
