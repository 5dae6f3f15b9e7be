package io.blipstream.app.cli;

import io.blipstream.model.hub.ImportListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows an import: a bar for each large file where a person looks, a line for each in a log. */
final class ImportDisplay implements ImportListener, AutoCloseable {

  /** Smaller files are here before a bar is drawn. */
  private static final long BAR_FROM_BYTES = 1 << 20;

  private static final long MEGABYTE = 1_000_000;

  private final PrintWriter err;
  private final boolean terminal = Boolean.getBoolean("blipstream.terminal");
  private ProgressBar bar;
  private OptionalLong size = OptionalLong.empty();
  private long resumedAt;
  private long bytes;

  ImportDisplay(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void started(String file, OptionalLong size, long already) {
    close();
    this.size = size;
    this.resumedAt = already;
    this.bytes = already;
    if (terminal && size.orElse(BAR_FROM_BYTES) >= BAR_FROM_BYTES) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(file)
              .setInitialMax(size.orElse(-1))
              .setUnit(" MB", MEGABYTE)
              .showSpeed()
              .startsFrom(already, Duration.ZERO)
              .build();
    }
  }

  @Override
  public void advanced(long more) {
    bytes += more;
    if (bar != null) {
      bar.stepBy(more);
    }
  }

  @Override
  public void finished(String file) {
    boolean drawn = bar != null;
    close();
    if (!drawn) {
      err.printf(
          Locale.ROOT,
          "%s %.1f MB%s%n",
          file,
          size.orElse(bytes) / (double) MEGABYTE,
          resumedAt > 0
              ? String.format(Locale.ROOT, ", resumed at %.1f MB", resumedAt / (double) MEGABYTE)
              : "");
      err.flush();
    }
  }

  @Override
  public void retrying(String why, Duration pause) {
    if (bar != null) {
      bar.setExtraMessage("trying again");
      return;
    }
    err.printf("%s Trying again in %d s.%n", why, pause.toSeconds());
    err.flush();
  }

  @Override
  public void step(String what) {
    close();
    err.println(what);
    err.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
