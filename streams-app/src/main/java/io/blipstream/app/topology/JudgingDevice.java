package io.blipstream.app.topology;

import io.blipstream.app.batching.BatchFunction;
import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.JudgingStage;
import io.blipstream.model.OutOfDeviceMemoryException;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.UnreadableImageException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model as a device of the batcher. It passes on sound judgements only, and knows an image that
 * the model must be able to judge: the last one it did judge, and before that a grey square.
 */
final class JudgingDevice implements BatchFunction<CapFiltInput, Judgement> {

  private static final Logger LOG = LoggerFactory.getLogger(JudgingDevice.class);

  private static final int SIDE = 64;

  private final CapFilt model;
  private final OutcomeListener listener;

  /** Written by the owner thread once it runs. */
  private Optional<CapFiltInput> judgeable;

  JudgingDevice(CapFilt model, OutcomeListener listener) {
    this.model = model;
    this.listener = listener;
    this.judgeable = greySquare(model).map(image -> new CapFiltInput("probe", image, List.of()));
  }

  private static Optional<PreparedImage> greySquare(CapFilt model) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.GRAY);
    graphics.fillRect(0, 0, SIDE, SIDE);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
      return Optional.of(model.prepare(png.toByteArray()));
    } catch (UnreadableImageException e) {
      // Without it, a model that fails from its first image on rejects them instead of waiting.
      LOG.warn("The model does not take a grey square; it is probed once it has judged an image");
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Writing to memory.
    }
  }

  @Override
  public List<Judgement> apply(List<CapFiltInput> batch) {
    List<Judgement> judgements = JudgementCheck.require(batch, model.judge(batch, this::took));
    judgeable = Optional.of(batch.get(0));
    return judgements;
  }

  private void took(JudgingStage stage, long nanos) {
    listener.onStage(
        switch (stage) {
          case ENCODE -> ProcessingStage.ENCODE;
          case CAPTION -> ProcessingStage.CAPTION;
          case FILTER -> ProcessingStage.FILTER;
        },
        nanos);
  }

  @Override
  public void waited(long nanos) {
    listener.onStage(ProcessingStage.WAIT, nanos);
  }

  @Override
  public boolean isOutOfMemory(Throwable failure) {
    return failure instanceof OutOfDeviceMemoryException || failure instanceof OutOfMemoryError;
  }

  @Override
  public void probe() {
    judgeable.ifPresent(input -> apply(List.of(input)));
  }
}
