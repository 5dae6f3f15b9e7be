package io.blipstream.app.topology;

import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.model.CapFilt;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** The service with the mechanism removed that its promises rest on, for negative controls. */
public final class UnheldService {

  private UnheldService() {}

  /** Starts a service that commits what it has read, whether it is answered or not. */
  public static CapFiltService start(
      ServiceSettings settings,
      Supplier<? extends CapFilt> model,
      ImageFetcher fetcher,
      OutcomeListener listener) {
    return CapFiltService.start(
        settings, model, fetcher, listener, held -> new DefaultKafkaClientSupplier());
  }
}
