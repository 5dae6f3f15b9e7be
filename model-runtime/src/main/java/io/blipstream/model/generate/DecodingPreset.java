package io.blipstream.model.generate;

import io.blipstream.model.generate.Strategy.Beam;
import io.blipstream.model.generate.Strategy.EarlyStopping;
import io.blipstream.model.generate.Strategy.Sampling;

/**
 * Settings of the original BLIP code by name. All begin with the prompt that its captioners were
 * fine-tuned with, whose tokens count as the caption's.
 */
public enum DecodingPreset {
  /** Captions of COCO: its {@code caption_coco.yaml}. */
  COCO,

  /** Captions of NoCaps: the same, against repetition. */
  NOCAPS,

  /**
   * Synthetic captions for CapFilt (BLIP, section 4.2): nucleus sampling; the library of the time
   * kept the 50 likeliest tokens before it, by default.
   */
  CAPFILT;

  private static final String PROMPT = "a picture of ";

  public DecodingSettings settings() {
    Strategy beams = new Beam(3, 1, EarlyStopping.FALSE);
    return switch (this) {
      case COCO -> new DecodingSettings(beams, 20, 5, 1);
      case NOCAPS -> new DecodingSettings(beams, 20, 5, 1.1);
      case CAPFILT -> new DecodingSettings(new Sampling(1, 50, 0.9), 20, 5, 1.1);
    };
  }

  /** What every caption begins with. */
  public String prompt() {
    return PROMPT;
  }
}
