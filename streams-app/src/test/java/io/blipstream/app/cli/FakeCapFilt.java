package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.ModelDescription;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/** Says the same of every image; keeps its first caption, and other texts of even length. */
final class FakeCapFilt implements CapFilt {

  private static final String CAPTION = "a picture";

  private final long nanosPerImage;
  private final int candidates;

  FakeCapFilt(long millisPerImage) {
    this(millisPerImage, 1);
  }

  FakeCapFilt(long millisPerImage, int candidates) {
    this.nanosPerImage = TimeUnit.MILLISECONDS.toNanos(millisPerImage);
    this.candidates = candidates;
  }

  private record Size(int width, int height) implements PreparedImage {
    @Override
    public long sizeInBytes() {
      return 3L * width * height;
    }
  }

  @Override
  public PreparedImage prepare(byte[] encoded) throws UnreadableImageException {
    if (encoded.length == 0) {
      throw new UnreadableImageException(Reason.EMPTY, "There are no bytes.");
    }
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(encoded));
      if (image == null) {
        throw new UnreadableImageException(Reason.NOT_AN_IMAGE, "This is no image.");
      }
      return new Size(image.getWidth(), image.getHeight());
    } catch (IOException e) {
      throw new UnreadableImageException(Reason.TRUNCATED_OR_CORRUPT, "The image ends early.", e);
    }
  }

  @Override
  public List<Judgement> judge(List<CapFiltInput> batch) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanosPerImage * batch.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return batch.stream().map(this::judgement).toList();
  }

  private Judgement judgement(CapFiltInput input) {
    List<TextScore> scores = new ArrayList<>();
    input.webTexts().forEach(text -> scores.add(score(text, TextSource.WEB)));
    for (int i = 1; i <= candidates; i++) {
      scores.add(score(i == 1 ? CAPTION : CAPTION + " " + i, TextSource.SYNTHETIC));
    }
    return new Judgement(input.imageId(), scores);
  }

  private static TextScore score(String text, TextSource source) {
    boolean kept = text.equals(CAPTION) || text.length() % 2 == 0;
    return new TextScore(text, source, kept ? 0.9f : 0.1f, kept ? 0.4f : -0.1f);
  }

  @Override
  public ModelDescription description() {
    return new ModelDescription(
        "fake", "0".repeat(64), "fake", "0".repeat(64), "fixed", "fixed", "none");
  }

  @Override
  public void close() {}
}
