package io.blipstream.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blipstream.app.broker.EmbeddedBroker;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Lets a peer work off a backlog against a broker of its own, and prints how many images a second
 * it captioned, as a line of JSON: what a consumer of committed records saw arrive.
 */
public final class Peers {

  private static final int PARTITIONS = 4;
  private static final double NANOS = 1e9;

  /** A peer cannot be faster than the device, but windows are not cut to the millisecond. */
  private static final double MARGIN = 1.2;

  private Peers() {}

  /**
   * Arguments: synchronous or parallel-consumer; the device's milliseconds a batch and an image;
   * images in a batch; bytes of an image; seconds to warm up; seconds to measure, three times.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 7) {
      System.err.println(
          "peers: give synchronous|parallel-consumer BATCH_MS IMAGE_MS BATCH BYTES WARM_UP"
              + " SECONDS");
      System.exit(2);
    }
    OneDevice device =
        new OneDevice(Double.parseDouble(arguments[1]), Double.parseDouble(arguments[2]));
    int batch = Integer.parseInt(arguments[3]);
    int bytes = Integer.parseInt(arguments[4]);
    double warmUp = Double.parseDouble(arguments[5]);
    double seconds = Double.parseDouble(arguments[6]);
    Path folder = Files.createTempDirectory("blipstream-peers");
    List<Double> rates;
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      String servers = broker.bootstrapServers();
      double most = arguments[0].equals("synchronous") ? device.ceiling(1) : device.ceiling(batch);
      fill(servers, bytes, (int) (MARGIN * most * (warmUp + 3 * seconds)));
      Peer peer = start(arguments[0], servers, device, batch, folder.resolve("state"));
      rates = rates(servers, warmUp, seconds);
      peer.close();
    } finally {
      delete(folder);
    }
    double rate = rates.get(1);
    System.out.printf(
        Locale.ROOT,
        "{\"program\":\"%s\",\"imagesPerSecond\":%.1f,\"least\":%.1f,\"most\":%.1f,"
            + "\"ofCeiling\":%.2f}%n",
        arguments[0],
        rate,
        rates.get(0),
        rates.get(2),
        100 * rate / device.ceiling(batch));
    System.out.flush();
    System.exit(0);
  }

  private static Peer start(String name, String servers, OneDevice device, int batch, Path state) {
    return switch (name) {
      case "synchronous" -> new SynchronousStreams(servers, device, state);
      case "parallel-consumer" -> new ParallelBatches(servers, device, batch);
      default -> throw new IllegalArgumentException("there is no peer " + name);
    };
  }

  private static void fill(String servers, int bytes, int images) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", servers, "linger.ms", 20, "batch.size", 1 << 20);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      Topics.createMissing(
          admin,
          List.of(
              new TopicSpec(Peer.IMAGES, PARTITIONS, TopicSpec.IMAGE_BYTES),
              new TopicSpec(Peer.CAPTIONS, PARTITIONS, TopicSpec.TEXT_BYTES)));
      byte[] image = new byte[bytes];
      new Random(1).nextBytes(image);
      for (int i = 0; i < images; i++) {
        producer.send(new ProducerRecord<>(Peer.IMAGES, ("image-" + i).getBytes(UTF_8), image));
      }
    }
  }

  /** Of three windows, the slowest first. The clock starts with the first caption. */
  private static List<Double> rates(String servers, double warmUp, double seconds) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            servers,
            "group.id",
            "counter",
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Peer.CAPTIONS));
      while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
        // Not started yet.
      }
      count(consumer, warmUp);
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        rates.add(count(consumer, seconds));
      }
      rates.sort(Comparator.naturalOrder());
      return rates;
    }
  }

  private static double count(KafkaConsumer<byte[], byte[]> consumer, double seconds) {
    long start = System.nanoTime();
    long images = 0;
    while (System.nanoTime() - start < seconds * NANOS) {
      images += consumer.poll(Duration.ofMillis(10)).count();
    }
    return images / ((System.nanoTime() - start) / NANOS);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : deepestFirst) {
      Files.deleteIfExists(one);
    }
  }
}
