package io.blipstream.app.cli.soak;

import java.util.Locale;

/** What the service promises about the number of outcomes; named as on the command line. */
public enum Guarantee {
  /** Every outcome once. */
  EXACTLY_ONCE("exactly_once_v2"),
  /** Every outcome once or, after a failure, more often. */
  AT_LEAST_ONCE("at_least_once");

  private final String setting;

  Guarantee(String setting) {
    this.setting = setting;
  }

  /** The value of {@code processing.guarantee}. */
  public String setting() {
    return setting;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
