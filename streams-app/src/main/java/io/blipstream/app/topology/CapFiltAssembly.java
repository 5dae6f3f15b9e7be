package io.blipstream.app.topology;

import io.blipstream.app.batching.BatcherStatistics;
import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.batching.MicroBatcher;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.config.StreamsProperties;
import io.blipstream.app.inflight.BlockingBudget;
import io.blipstream.app.inflight.ByteBudget;
import io.blipstream.app.inflight.HeldOffsetClientSupplier;
import io.blipstream.app.inflight.InFlightGauge;
import io.blipstream.app.inflight.InFlightProcessor;
import io.blipstream.app.inflight.InFlightSettings;
import io.blipstream.app.inflight.InFlightStage;
import io.blipstream.app.inflight.InFlightStatistics;
import io.blipstream.app.inflight.Intake;
import io.blipstream.app.inflight.OffsetLedger;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.ModelDescription;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.serde.RecordSerdes;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.Topology;

/** The parts of one instance, put together from its settings; owns all of them, the model too. */
final class CapFiltAssembly {

  private final ServiceSettings settings;
  private final CapFilt model;
  private final OutcomeListener listener;
  private final List<Serde<?>> serdes;
  private final MicroBatcher<CapFiltInput, Judgement> batcher;
  private final StageThreads threads;
  private final InFlightStage<Outcome> stage;
  private final InFlightSettings inFlight;
  private final OutcomeCounter counter = new OutcomeCounter();

  CapFiltAssembly(
      ServiceSettings settings,
      Duration commitInterval,
      CapFilt model,
      ImageFetcher fetcher,
      OutcomeListener listener) {
    this.settings = settings;
    this.model = model;
    this.listener = listener;
    Map<String, Object> registry = settings.registry();
    Serde<ImageEvent> events = serde(ImageEvent.class, registry);
    Serde<Caption> captions = serde(Caption.class, registry);
    Serde<ItmConfidence> confidences = serde(ItmConfidence.class, registry);
    Serde<Reject> rejects = serde(Reject.class, registry);
    this.serdes = List.of(events, captions, confidences, rejects);
    this.threads =
        new StageThreads(
            settings.decodeThreads(), settings.fetchThreads(), settings.fetchPerHost());
    int calls = Math.min(model.callsAtOnce(), settings.batching().maxItems());
    this.batcher =
        MicroBatcher.start(
            "blipstream-device",
            settings.batching().dividedBy(calls),
            threads.outcomes(),
            Stream.generate(() -> new JudgingDevice(model, listener)).limit(calls).toList());
    Verdicts verdicts = new Verdicts(settings.threshold());
    OutcomeWriter writer =
        new OutcomeWriter(
            new OutcomeWriter.Serializers(
                settings.topics().captions(),
                captions.serializer(),
                settings.topics().itmConfidence(),
                confidences.serializer(),
                settings.topics().rejects(),
                rejects.serializer()),
            new OutcomeRecords(model.description(), verdicts.threshold()),
            settings.outputMaxBytes());
    this.stage =
        new CapFiltStage(
            new CapFiltStage.Parts(
                new EventReader(events.deserializer()),
                fetcher,
                settings.fetchTimeout(),
                model,
                batcher,
                verdicts,
                writer,
                threads,
                new OutageLog(System::nanoTime),
                listener));
    this.inFlight =
        new InFlightSettings(
            Set.of(settings.topics().images()),
            settings.windowRecords(),
            new ByteBudget(settings.windowBytes()),
            new OffsetLedger(),
            new BlockingBudget(settings.block(), commitInterval),
            new Intake(),
            new InFlightGauge(),
            GlobalOpenTelemetry.getOrNoop().getPropagators().getTextMapPropagator());
  }

  private static <T extends SpecificRecord> Serde<T> serde(
      Class<T> type, Map<String, Object> registry) {
    return RecordSerdes.create(type, registry, false);
  }

  Topology topology() {
    return BlipstreamTopology.build(
        settings.topics(),
        () -> new InFlightProcessor<>(inFlight, stage, Outcome::outputs, this::forwarded));
  }

  KafkaClientSupplier holdingOffsets(KafkaClientSupplier clients) {
    return new HeldOffsetClientSupplier(
        clients,
        inFlight.ledger(),
        inFlight.blocking(),
        inFlight.intake(),
        settings.windowBytes() / settings.streamThreads(),
        settings.windowRecords() + StreamsProperties.READ_AHEAD_RECORDS);
  }

  private void forwarded(Outcome outcome) {
    counter.count(outcome);
    listener.onOutcome(outcome.image());
  }

  /**
   * @param patience how long stream threads may still wait for their group to rebalance
   */
  void stopIntake(Duration patience) {
    inFlight.intake().stop(patience);
  }

  ModelDescription model() {
    return model.description();
  }

  OutcomeCounts counts() {
    return counter.snapshot();
  }

  InFlightStatistics inFlight() {
    return inFlight.gauge().snapshot();
  }

  List<TaskStatistics> tasks() {
    return inFlight.gauge().tasks();
  }

  BatcherStatistics batching() {
    return batcher.statistics();
  }

  DeviceHealth device() {
    return batcher.health(settings.deviceTimeout());
  }

  /**
   * Stops the threads and frees the model, once the stream threads have ended.
   *
   * @return false if the model is still computing; it is then left alone, since freeing what a
   *     device works on crashes the process
   */
  boolean close(Duration timeout) {
    threads.close();
    boolean rested = batcher.abandon(timeout);
    if (rested) {
      model.close();
    }
    serdes.forEach(Serde::close);
    return rested;
  }
}
