/** Numbers and times as people read them. */

const whole = new Intl.NumberFormat("en");

export function count(value) {
  return whole.format(value);
}

/** A rate: two digits that matter while it is small, none after the point once it is not. */
export function rate(value) {
  if (value === 0) {
    return "0";
  }
  return value < 10 ? value.toFixed(1) : whole.format(Math.round(value));
}

export function percent(share) {
  return `${Math.round(share * 100)}%`;
}

/** A share as a table wants it, with a digit more. */
export function exactPercent(share) {
  return `${(share * 100).toFixed(1)}%`;
}

export function probability(value) {
  return value.toFixed(2);
}

/** With a sign of the same width, so that numbers below each other line up. */
export function signed(value) {
  return (value < 0 ? "\u2212" : "+") + Math.abs(value).toFixed(2);
}

export function signedCount(value) {
  return value === 0 ? "0" : (value < 0 ? "\u2212" : "+") + whole.format(Math.abs(value));
}

/** Milliseconds, in the unit that leaves two or three digits. */
export function duration(ms) {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  if (ms < 3_600_000) {
    return `${Math.round(ms / 60_000)} min`;
  }
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
}

export function bytes(value) {
  if (value < 1024) {
    return `${value} B`;
  }
  return value < 1 << 20
    ? `${Math.round(value / 1024)} KiB`
    : `${(value / (1 << 20)).toFixed(value < 10 << 20 ? 1 : 0)} MiB`;
}
