package io.blipstream.app.cli;

import io.blipstream.app.topology.CapFiltService;
import io.blipstream.app.topology.OutcomeCounts;
import java.io.PrintWriter;
import java.util.Locale;

/** Says now and then how far a service has come, if it has. */
final class ServiceProgress {

  private final CapFiltService service;
  private final PrintWriter out;
  private long reported;
  private long reportedAt = System.nanoTime();

  ServiceProgress(CapFiltService service, PrintWriter out) {
    this.service = service;
    this.out = out;
  }

  void report() {
    OutcomeCounts counts = service.counts();
    long now = System.nanoTime();
    if (counts.images() > reported) {
      out.printf(
          Locale.ROOT,
          "%d images judged (%.1f/s): %d captions, rejects %s%n",
          counts.images(),
          (counts.images() - reported) * 1e9 / (now - reportedAt),
          counts.captions(),
          counts.rejectsByReason());
      out.flush();
    }
    reported = counts.images();
    reportedAt = now;
  }
}
