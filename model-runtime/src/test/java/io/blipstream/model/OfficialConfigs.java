package io.blipstream.model;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;

/** The sizes of the official checkpoints, as their {@code config.json} states them. */
public final class OfficialConfigs {

  private static final TextConfig TEXT =
      new TextConfig(30524, 768, 12, 12, 3072, 512, 1e-12f, 30522, 102, 0);

  public static final BlipConfig BASE =
      new BlipConfig(new VisionConfig(768, 12, 12, 3072, 384, 16, 1e-5f), TEXT, 256);

  public static final BlipConfig LARGE =
      new BlipConfig(new VisionConfig(1024, 24, 16, 4096, 384, 16, 1e-5f), TEXT, 256);

  private OfficialConfigs() {}
}
