package io.blipstream.app.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blipstream.app.CommittedRecords;
import io.blipstream.app.TestCluster;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.serde.RecordSerdes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;

/** All that was committed to the three output topics, and the way to fill the input. */
record OutputRecords(
    List<At<Caption>> captions, List<At<ItmConfidence>> confidences, List<At<Reject>> rejects) {

  /** A record with the partition it lies in. */
  record At<T>(String partition, T record) {}

  /** An image's outcome and where it came from. */
  record Seen(String imageId, String outputPartition, int inputPartition, long inputOffset) {}

  static void sendImages(String bootstrap, String registry, String topic, List<String> scripts)
      throws Exception {
    try (Serde<ImageEvent> events = serde(ImageEvent.class, registry);
        var producer = TestCluster.producer(bootstrap)) {
      List<Future<?>> sent = new ArrayList<>();
      for (int i = 0; i < scripts.size(); i++) {
        ImageEvent event =
            StreamFixture.event("image-" + i, scripts.get(i)).setWebText("web text " + i).build();
        byte[] value = events.serializer().serialize(topic, event);
        sent.add(producer.send(new ProducerRecord<>(topic, event.getId().getBytes(UTF_8), value)));
      }
      for (Future<?> one : sent) {
        one.get();
      }
    }
  }

  static OutputRecords read(String bootstrap, String registry, String prefix) {
    return new OutputRecords(
        read(bootstrap, registry, prefix + "-captions", Caption.class),
        read(bootstrap, registry, prefix + "-confidences", ItmConfidence.class),
        read(bootstrap, registry, prefix + "-rejects", Reject.class));
  }

  /** One for each confidence and each image-level reject. */
  List<Seen> imageOutcomes() {
    List<Seen> outcomes = new ArrayList<>();
    confidences.forEach(
        c ->
            outcomes.add(
                seen(c.record().getImageId(), c.partition(), c.record().getCoordinates())));
    rejects.stream()
        .filter(r -> r.record().getText() == null)
        .forEach(
            r ->
                outcomes.add(
                    seen(r.record().getImageId(), r.partition(), r.record().getCoordinates())));
    return outcomes;
  }

  private static Seen seen(String imageId, String partition, Coordinates at) {
    return new Seen(imageId, partition, at.getPartition(), at.getOffset());
  }

  private static <T extends SpecificRecord> List<At<T>> read(
      String bootstrap, String registry, String topic, Class<T> type) {
    return CommittedRecords.of(
            Map.of("bootstrap.servers", bootstrap),
            Map.of("schema.registry.url", registry),
            topic,
            type)
        .stream()
        .map(record -> new At<>(topic + "-" + record.partition(), record.value()))
        .toList();
  }

  private static <T extends SpecificRecord> Serde<T> serde(Class<T> type, String registry) {
    return RecordSerdes.create(type, Map.of("schema.registry.url", registry), false);
  }
}
