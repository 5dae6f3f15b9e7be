package io.blipstream.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.VisionModel;
import java.io.IOException;
import java.util.function.IntConsumer;

/**
 * An engine that likes few images at once.
 *
 * @param encoded told how many images each run of a vision encoder has
 */
record LimitedEngine(BlipEngine engine, int limit, IntConsumer encoded) implements BlipEngine {

  @Override
  public VisionModel vision(Checkpoint checkpoint) throws IOException {
    VisionModel vision = engine.vision(checkpoint);
    return pixels -> {
      encoded.accept(pixels.count());
      return vision.encode(pixels);
    };
  }

  @Override
  public CaptionModel captioner(Checkpoint checkpoint) throws IOException {
    return engine.captioner(checkpoint);
  }

  @Override
  public FilterModel filter(Checkpoint checkpoint) throws IOException {
    return engine.filter(checkpoint);
  }

  @Override
  public int callsAtOnce() {
    return engine.callsAtOnce();
  }

  @Override
  public Call begin() {
    return engine.begin();
  }

  @Override
  public int imagesAtOnce(Checkpoint captioner) {
    return limit;
  }

  @Override
  public String description() {
    return engine.description();
  }

  @Override
  public void close() {
    engine.close();
  }
}
