package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/** Which answers of a server may be others in a moment, and what the rest mean. */
final class Answers {

  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

  private Answers() {}

  /** Gives the answer back, or ends the attempt if it may be another one in a moment. */
  static Reply requireLasting(Reply reply) throws IOException, PassingFailure {
    if (!PASSING.contains(reply.status())) {
      return reply;
    }
    reply.close();
    String advice =
        reply.status() == 429
            ? "too many requests came from here; a token (HF_TOKEN) raises the limit"
            : "the server is in trouble; try again later";
    throw new PassingFailure(
        new ImportException(
            Kind.UNREACHABLE,
            "%s answers with status %d: %s."
                .formatted(reply.uri().getAuthority(), reply.status(), advice)),
        retryAfter(reply));
  }

  /** An answer that is neither a success nor anything that is expected. */
  static ImportException unexpected(Reply reply) {
    String said = reply.header("X-Error-Message").map(text -> " (" + text + ")").orElse("");
    if (reply.status() == 407) {
      return new ImportException(
          Kind.ACCESS,
          "The proxy asks for a password; give it as HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT.");
    }
    Kind kind =
        switch (reply.status()) {
          case 401, 403 -> Kind.ACCESS;
          case 404, 410 -> Kind.NOT_FOUND;
          default -> Kind.DAMAGED;
        };
    return new ImportException(
        kind,
        "%s answers with status %d%s; check the address."
            .formatted(WebAddress.shown(reply.uri()), reply.status(), said));
  }

  /** Seconds, or a date (RFC 9110, 10.2.3). */
  private static Optional<Duration> retryAfter(Reply reply) {
    Optional<String> text = reply.header("Retry-After").map(String::strip);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text.get())));
    }
    try {
      Instant then =
          ZonedDateTime.parse(text.get(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration pause = Duration.between(Instant.now(), then);
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
