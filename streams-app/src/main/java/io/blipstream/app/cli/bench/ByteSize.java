package io.blipstream.app.cli.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size as people write it; 1 KB is 1024 bytes.
 *
 * @param bytes above 0
 */
public record ByteSize(int bytes) {

  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,7})\\s?(B|KB|MB)");
  private static final int KB = 1 << 10;
  private static final int MB = 1 << 20;

  /**
   * Reads {@code 100KB}.
   *
   * @throws IllegalArgumentException if it is written otherwise
   */
  public static ByteSize parse(String text) {
    Matcher matcher = WRITTEN.matcher(text.strip().toUpperCase(Locale.ROOT));
    long bytes =
        matcher.matches()
            ? Long.parseLong(matcher.group(1))
                * switch (matcher.group(2)) {
                  case "KB" -> KB;
                  case "MB" -> MB;
                  default -> 1;
                }
            : 0;
    if (bytes <= 0 || bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("'" + text + "' is no size; write 1KB, 100KB or 2MB.");
    }
    return new ByteSize((int) bytes);
  }

  @Override
  public String toString() {
    if (bytes % MB == 0) {
      return bytes / MB + "MB";
    }
    return bytes % KB == 0 ? bytes / KB + "KB" : bytes + "B";
  }
}
