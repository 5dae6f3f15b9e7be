package io.blipstream.schemas;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** One filled record of each kind. */
public final class Samples {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final Coordinates WHERE = new Coordinates("images", 3, 4_000_000_000L);

  private Samples() {}

  public static List<SpecificRecord> all() {
    return List.of(imageEvent(), caption(), itmConfidence(), reject(), unreadable());
  }

  public static ImageEvent imageEvent() {
    return ImageEvent.newBuilder()
        .setId("image-1")
        .setContent(ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xd8, 0, 1}))
        .setMediaType("image/jpeg")
        .setWebText("ein Käfer 🪲 im Gras")
        .setEventTime(NOON)
        .setAttributes(Map.of("shop", "7"))
        .build();
  }

  public static Caption caption() {
    return Caption.newBuilder()
        .setImageId("image-1")
        .setText("a beetle in the grass")
        .setSource(TextSource.SYNTHETIC)
        .setItmProbability(0.75f)
        .setItcSimilarity(-0.25f)
        .setThreshold(0.5f)
        .setCaptionerModel("scenes")
        .setCaptionerDigest("00ff")
        .setFilterModel("scenes")
        .setFilterDigest("ff00")
        .setDecoding("greedy max=20")
        .setEventTime(NOON)
        .setCoordinates(WHERE)
        .build();
  }

  public static ItmConfidence itmConfidence() {
    return ItmConfidence.newBuilder()
        .setImageId("image-1")
        .setTexts(
            List.of(
                new JudgedText("a beetle", TextSource.SYNTHETIC, 0.75f, 0.5f, true),
                new JudgedText("buy now", TextSource.WEB, 0.125f, -1f, false)))
        .setThreshold(0.5f)
        .setFilterModel("scenes")
        .setFilterDigest("ff00")
        .setEventTime(NOON)
        .setCoordinates(WHERE)
        .setAttributes(Map.of("a", "1", "b", ""))
        .build();
  }

  public static Reject reject() {
    return Reject.newBuilder()
        .setImageId("image-1")
        .setStage(RejectStage.FILTER)
        .setReason("TEXT_NOT_MATCHED")
        .setMessage("The text does not match the image.")
        .setText("buy now")
        .setSource(TextSource.WEB)
        .setItmProbability(0.125f)
        .setItcSimilarity(-1f)
        .setThreshold(0.5f)
        .setEventTime(NOON)
        .setCoordinates(WHERE)
        .build();
  }

  /** A reject of input that nobody could read: everything that may be absent is. */
  public static Reject unreadable() {
    return Reject.newBuilder()
        .setStage(RejectStage.RECORD)
        .setReason("NOT_AVRO")
        .setMessage("The message has 3 bytes.")
        .setCoordinates(WHERE)
        .setRawValue(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .build();
  }
}
