package io.blipstream.app.cli;

import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.app.topology.CapFiltService;
import io.blipstream.app.topology.OutcomeListener;
import io.blipstream.model.CapFilt;
import java.util.function.Supplier;

/**
 * Starts the service of the command {@code run}; a test puts one with a part broken in its place.
 */
@FunctionalInterface
interface ServiceStarter {

  CapFiltService start(
      ServiceSettings settings,
      Supplier<? extends CapFilt> model,
      ImageFetcher fetcher,
      OutcomeListener listener);
}
