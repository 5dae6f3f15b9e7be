package io.blipstream.peers;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.engine.simulated.SimulatedAnswers;
import io.blipstream.model.engine.simulated.SimulatedCapFilt;
import io.blipstream.model.engine.simulated.SimulatedSettings;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The simulated device that the service is measured with, one batch at a time. */
final class OneDevice {

  private static final double NANOS_PER_MILLI = 1e6;

  private final CapFilt device;
  private final double batchMillis;
  private final double itemMillis;

  OneDevice(double batchMillis, double itemMillis) {
    this.batchMillis = batchMillis;
    this.itemMillis = itemMillis;
    device =
        new SimulatedCapFilt(
            new SimulatedSettings(
                new SimulatedAnswers(1, 0),
                nanos(batchMillis),
                nanos(itemMillis),
                0,
                0,
                Duration.ZERO,
                0));
  }

  private static Duration nanos(double millis) {
    return Duration.ofNanos(Math.round(millis * NANOS_PER_MILLI));
  }

  /** Images a second in full batches without a pause. */
  double ceiling(int batch) {
    return 1000 * batch / (batchMillis + itemMillis * batch);
  }

  /** A caption for each image; waits for the batch before it. */
  synchronized List<String> captions(List<byte[]> images) {
    List<CapFiltInput> batch =
        images.stream().map(image -> new CapFiltInput("", prepared(image), List.of())).toList();
    return device.judge(batch).stream().map(OneDevice::text).toList();
  }

  List<String> captionsOf(List<ConsumerRecord<byte[], byte[]>> records) {
    return captions(records.stream().map(ConsumerRecord::value).toList());
  }

  private PreparedImage prepared(byte[] image) {
    try {
      return device.prepare(image);
    } catch (UnreadableImageException e) {
      throw new IllegalStateException("the simulated device takes any bytes", e);
    }
  }

  private static String text(Judgement judgement) {
    return judgement.scores().get(0).text();
  }
}
