package io.blipstream.app.cli.soak;

import io.blipstream.model.engine.simulated.SimulatedAnswers;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.TextSource;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * The numbered inputs of a seed, good and bad ones, and what must come of each. A number always
 * gives the same input.
 */
public final class SoakEvents {

  /** The service's default, at which half of the simulated engine's texts are kept. */
  private static final float THRESHOLD = 0.5f;

  /** Share of images that the model fails on. */
  private static final double FAIL_RATE = 0.02;

  private static final double WITH_WEB_TEXT = 0.75;

  /** An id that no registry will have given out. */
  private static final byte[] UNKNOWN_SCHEMA = {0, 0x7f, 0x7f, 0x7f, 0x7f, 1, 2, 3};

  private static final byte[] GARBAGE = "no Avro at all".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NO_PICTURE = "no image".getBytes(StandardCharsets.UTF_8);

  private final long seed;
  private final String prefix;
  private final SimulatedAnswers answers;
  private final byte[] picture = picture();

  public SoakEvents(long seed) {
    this.seed = seed;
    this.prefix = "soak-" + seed + "-";
    this.answers = new SimulatedAnswers(seed, FAIL_RATE);
  }

  /** What the engine must be told to say of these inputs. */
  public SimulatedAnswers answers() {
    return answers;
  }

  /** What is sent. */
  public sealed interface Sent {
    String id();

    /** An image event. */
    record Event(ImageEvent event) implements Sent {
      @Override
      public String id() {
        return event.getId();
      }
    }

    /** A record that is no image event; keyed by its id, as events are. */
    record Unreadable(String id, Optional<byte[]> value) implements Sent {}
  }

  /** Kinds of input; shares are of a thousand, images are what is left. */
  private enum Kind {
    IMAGE(0),
    NO_PICTURE(20),
    EMPTY_PICTURE(10),
    NO_CONTENT(10),
    GARBAGE(20),
    UNKNOWN_SCHEMA(5),
    NO_VALUE(5);

    private final int share;

    Kind(int share) {
      this.share = share;
    }

    static Kind of(int thousandth) {
      int left = thousandth;
      for (Kind kind : values()) {
        left -= kind.share;
        if (left < 0) {
          return kind;
        }
      }
      return IMAGE;
    }
  }

  /** Input number n, from 0. */
  public Sent input(long number) {
    String id = prefix + String.format(Locale.ROOT, "%09d", number);
    return switch (kind(number)) {
      case IMAGE -> event(id, webText(number), Optional.of(picture));
      case NO_PICTURE -> event(id, webText(number), Optional.of(NO_PICTURE));
      case EMPTY_PICTURE -> event(id, webText(number), Optional.of(new byte[0]));
      case NO_CONTENT -> event(id, webText(number), Optional.empty());
      case GARBAGE -> new Sent.Unreadable(id, Optional.of(GARBAGE));
      case UNKNOWN_SCHEMA -> new Sent.Unreadable(id, Optional.of(UNKNOWN_SCHEMA));
      case NO_VALUE -> new Sent.Unreadable(id, Optional.empty());
    };
  }

  /**
   * What must come of the input with this id.
   *
   * @throws IllegalArgumentException if it is none of this seed
   */
  public Expectation expectation(String id) {
    if (!id.startsWith(prefix)) {
      throw new IllegalArgumentException("'" + id + "' was not sent by this soak");
    }
    long number = Long.parseLong(id.substring(prefix.length()));
    return switch (kind(number)) {
      case IMAGE ->
          answers.failsOn(id)
              ? new Expectation.Rejected(RejectStage.MODEL, "MODEL_FAILED")
              : judged(id, webText(number));
      case NO_PICTURE -> new Expectation.Rejected(RejectStage.DECODE, "NOT_AN_IMAGE");
      case EMPTY_PICTURE -> new Expectation.Rejected(RejectStage.DECODE, "EMPTY");
      case NO_CONTENT -> new Expectation.Rejected(RejectStage.RECORD, "NO_IMAGE");
      case GARBAGE -> new Expectation.Rejected(RejectStage.RECORD, "NOT_AVRO");
      case UNKNOWN_SCHEMA -> new Expectation.Rejected(RejectStage.RECORD, "UNKNOWN_SCHEMA");
      case NO_VALUE -> new Expectation.Rejected(RejectStage.RECORD, "NULL_VALUE");
    };
  }

  private Expectation judged(String id, Optional<String> webText) {
    return new Expectation.Judged(
        answers.judgement(id, webText.map(List::of).orElse(List.of())).scores().stream()
            .map(
                score ->
                    new Expectation.Text(
                        TextSource.valueOf(score.source().name()),
                        score.text(),
                        score.itmProbability() >= THRESHOLD))
            .toList());
  }

  private Kind kind(long number) {
    return Kind.of(new SplittableRandom(seed ^ (number << 1)).nextInt(1000));
  }

  private Optional<String> webText(long number) {
    return new SplittableRandom(seed ^ (number << 1 | 1)).nextDouble() < WITH_WEB_TEXT
        ? Optional.of("web text " + number)
        : Optional.empty();
  }

  private static Sent event(String id, Optional<String> webText, Optional<byte[]> content) {
    return new Sent.Event(
        ImageEvent.newBuilder()
            .setId(id)
            .setContent(content.map(ByteBuffer::wrap).orElse(null))
            .setWebText(webText.orElse(null))
            .build());
  }

  private static byte[] picture() {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
