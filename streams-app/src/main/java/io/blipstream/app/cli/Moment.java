package io.blipstream.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A point in time on the command line: an instant, or how long ago it was. */
final class Moment implements ITypeConverter<Instant> {

  static final String FORM = "2026-11-24T10:00:00Z, or how long ago, as in PT2H or P1D";

  @Override
  public Instant convert(String text) {
    return parse(text);
  }

  static Instant parse(String text) {
    try {
      return text.startsWith("P") ? Instant.now().minus(Duration.parse(text)) : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException("'%s' is no time; write %s".formatted(text, FORM));
    }
  }
}
