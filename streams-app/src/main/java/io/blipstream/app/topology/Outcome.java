package io.blipstream.app.topology;

import io.blipstream.app.inflight.Output;
import java.util.List;

/**
 * An image's outcome as it leaves: what happened, and the serialized records that say so.
 *
 * @param outputs in the order they are written
 */
public record Outcome(ImageOutcome image, List<Output> outputs) {
  public Outcome {
    outputs = List.copyOf(outputs);
  }
}
