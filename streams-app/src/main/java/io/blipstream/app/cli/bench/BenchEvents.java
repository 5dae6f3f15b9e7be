package io.blipstream.app.cli.bench;

import io.blipstream.schemas.ImageEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
  private static final int DIGITS = 9;

  /** Its first digit stands before the nine of the number. */
  private static final int LEAST = 1_000_000_000;

  private final byte[] content;

  public BenchEvents(int imageBytes) {
    content = new byte[imageBytes];
    new Random(imageBytes).nextBytes(content);
  }

  /** Event number n, from 0. */
  public ImageEvent event(int number) {
    return ImageEvent.newBuilder()
        .setId(PREFIX + Integer.toString(LEAST + number).substring(1))
        .setContent(ByteBuffer.wrap(content))
        .setWebText("a web text of about the length that web texts have, number " + number)
        .build();
  }

  /** The number of the event that a record's key names; empty if it names none. */
  public static OptionalInt number(byte[] key) {
    String id = new String(key, StandardCharsets.UTF_8);
    if (id.length() != PREFIX.length() + DIGITS || !id.startsWith(PREFIX)) {
      return OptionalInt.empty();
    }
    int number = 0;
    for (int i = PREFIX.length(); i < id.length(); i++) {
      int digit = id.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return OptionalInt.empty();
      }
      number = 10 * number + digit;
    }
    return OptionalInt.of(number);
  }
}
