package io.blipstream.app.source;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;

/** When a busy host wants to be asked again: seconds or a date (RFC 9110, section 10.2.3). */
final class RetryAfter {

  private static final int MAX_DIGITS = 9;

  private RetryAfter() {}

  /** Empty if the host did not say, or not in a way that can be read; never negative. */
  static Optional<Duration> of(HttpMessage answer, Instant now) {
    Header header = answer.getFirstHeader(HttpHeaders.RETRY_AFTER);
    if (header == null || header.getValue() == null) {
      return Optional.empty();
    }
    String value = header.getValue().strip();
    if (value.matches("\\d+")) {
      // More digits than are read still mean a long time.
      return Optional.of(
          Duration.ofSeconds(
              value.length() > MAX_DIGITS ? Integer.MAX_VALUE : Long.parseLong(value)));
    }
    return Optional.ofNullable(DateUtils.parseStandardDate(value))
        .map(date -> Duration.between(now, date))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }
}
