package io.blipstream.app.cli.bench;

import io.blipstream.schemas.ImageEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Numbered image events of one size, each with a web text: two texts an image, so three records
 * come of each. The image is noise, which no compression makes smaller; the simulated engine takes
 * any bytes for one.
 */
public final class BenchEvents {

  /** Of each image: its own caption and the web text, each either accepted or rejected. */
  public static final int TEXTS = 2;

  private static final String PREFIX = "bench-";

  private final byte[] content;

  public BenchEvents(int imageBytes) {
    content = new byte[imageBytes];
    new Random(imageBytes).nextBytes(content);
  }

  /** Event number n, from 0. */
  public ImageEvent event(int number) {
    return ImageEvent.newBuilder()
        .setId(PREFIX + String.format(Locale.ROOT, "%09d", number))
        .setContent(ByteBuffer.wrap(content))
        .setWebText("a web text of about the length that web texts have, number " + number)
        .build();
  }

  /** The number of the event that a record's key names; empty if it names none. */
  public static OptionalInt number(byte[] key) {
    String id = new String(key, StandardCharsets.UTF_8);
    return id.matches(PREFIX + "\\d{9}")
        ? OptionalInt.of(Integer.parseInt(id.substring(PREFIX.length())))
        : OptionalInt.empty();
  }
}
