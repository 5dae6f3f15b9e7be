package io.blipstream.app.cli;

import io.blipstream.model.PreparationListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows how far the preparation of a checkpoint is: a bar on a terminal, else lines of the log. */
final class PreparationDisplay implements PreparationListener {

  private static final Logger log = LoggerFactory.getLogger(PreparationDisplay.class);

  private static final long MILLION = 1_000_000;

  private final boolean terminal = Boolean.getBoolean("blipstream.terminal");
  private String current = "";
  private ProgressBar bar;

  @Override
  public void progress(String what, long done, long total) {
    if (!what.equals(current)) {
      current = what;
      begin(what, total);
    }
    if (bar != null) {
      bar.stepTo(done);
      if (done == total) {
        bar.close();
        bar = null;
      }
    }
  }

  private void begin(String what, long total) {
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(total)
              .setUnit(" M weights", MILLION)
              .build();
    } else {
      log.info("Once for this checkpoint: {}.", what);
    }
  }
}
