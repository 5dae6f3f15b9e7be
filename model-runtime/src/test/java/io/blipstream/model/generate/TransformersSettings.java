package io.blipstream.model.generate;

import com.fasterxml.jackson.databind.JsonNode;
import io.blipstream.model.generate.Strategy.Beam;
import io.blipstream.model.generate.Strategy.EarlyStopping;
import io.blipstream.model.generate.Strategy.Greedy;
import io.blipstream.model.generate.Strategy.Sampling;
import java.util.Locale;

/** Settings as the references state them: transformers' names, absent ones with its defaults. */
public final class TransformersSettings {

  private TransformersSettings() {}

  public static DecodingSettings read(JsonNode json) {
    int beams = json.path("num_beams").asInt(1);
    Strategy strategy =
        beams == 1
            ? new Greedy()
            : new Beam(
                beams,
                json.path("length_penalty").asDouble(1),
                EarlyStopping.valueOf(
                    json.path("early_stopping").asText("false").toUpperCase(Locale.ROOT)));
    return new DecodingSettings(
        strategy,
        json.path("max_length").asInt(),
        json.path("min_length").asInt(0),
        json.path("repetition_penalty").asDouble(1));
  }

  /** As the one-step references name them; the maximum length plays no part there. */
  public static DecodingSettings readSampling(JsonNode json) {
    return new DecodingSettings(
        new Sampling(
            json.path("temp").asDouble(1),
            json.path("top_k").asInt(0),
            json.path("top_p").asDouble(1)),
        Math.max(2, json.path("min_len").asInt()),
        json.path("min_len").asInt(0),
        json.path("rep").asDouble(1));
  }
}
