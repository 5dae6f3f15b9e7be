package io.blipstream.model.checkpoint;

import java.util.Arrays;
import java.util.Map;

/**
 * Numbers of a checkpoint's weights, each counted once.
 *
 * @param vision of the vision encoder
 * @param text of the text transformer and its embeddings
 * @param heads of what stands on top: the language model's head without its decoder, which is the
 *     word embeddings; or the heads of ITC and ITM
 */
public record ParameterCount(long vision, long text, long heads) {

  public long total() {
    return vision + text + heads;
  }

  static ParameterCount of(Map<String, long[]> shapes, String... headPrefixes) {
    long vision = 0;
    long text = 0;
    long heads = 0;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      String name = entry.getKey();
      long size = Arrays.stream(entry.getValue()).reduce(1, Math::multiplyExact);
      if (name.startsWith("vision_model.")) {
        vision += size;
      } else if (Arrays.stream(headPrefixes).noneMatch(name::startsWith)) {
        text += size;
      } else if (!name.contains(".predictions.decoder.")) {
        heads += size;
      }
    }
    return new ParameterCount(vision, text, heads);
  }
}
