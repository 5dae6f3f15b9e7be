package io.blipstream.app.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.function.Consumer;

/** Takes what a command prints and hands it on line by line: to the log, where that is JSON. */
final class LoggedLines extends Writer {

  private final Consumer<String> lines;
  private final StringBuilder begun = new StringBuilder();

  private LoggedLines(Consumer<String> lines) {
    this.lines = lines;
  }

  static PrintWriter to(Consumer<String> lines) {
    return new PrintWriter(new LoggedLines(lines), true);
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    synchronized (lock) {
      for (int i = offset; i < offset + length; i++) {
        if (chars[i] == '\n') {
          endLine();
        } else if (chars[i] != '\r') {
          begun.append(chars[i]);
        }
      }
    }
  }

  private void endLine() {
    if (!begun.isEmpty()) {
      lines.accept(begun.toString());
      begun.setLength(0);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    synchronized (lock) {
      endLine();
    }
  }
}
