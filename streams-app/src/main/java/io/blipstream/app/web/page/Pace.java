package io.blipstream.app.web.page;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Lets so many through a second, a second's worth at once; the others are told to go without. */
final class Pace {

  private final DoubleSupplier perSecond;
  private final LongSupplier nanos;
  private double allowance;
  private long last;

  /**
   * @param perSecond may change
   * @param nanos a clock as {@link System#nanoTime}
   */
  Pace(DoubleSupplier perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.allowance = 1;
    this.last = nanos.getAsLong();
  }

  synchronized boolean allows() {
    long now = nanos.getAsLong();
    double rate = perSecond.getAsDouble();
    allowance = Math.min(Math.max(1, rate), allowance + (now - last) / 1e9 * rate);
    last = now;
    if (allowance < 1) {
      return false;
    }
    allowance--;
    return true;
  }
}
