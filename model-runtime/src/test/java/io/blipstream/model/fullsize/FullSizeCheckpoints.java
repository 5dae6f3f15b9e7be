package io.blipstream.model.fullsize;

import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checkpoints as large as the official ones, with random weights and a made-up vocabulary. */
record FullSizeCheckpoints(String name, BlipConfig config) {

  /** As the networks are initialised; more would make activations of 24 layers grow. */
  private static final double DEVIATION = 0.02;

  /** Without [DEC] and [ENC], which no vocabulary file lists. */
  private static final int LISTED_TOKENS = 30522;

  private static final int UNKNOWN = 100;
  private static final List<String> FRAMES = List.of("[UNK]", "[CLS]", "[SEP]", "[MASK]");

  /** Base or large. */
  static FullSizeCheckpoints named(String name) {
    VisionConfig vision =
        switch (name) {
          case "base" -> new VisionConfig(768, 12, 12, 3072, 384, 16, 1e-5f);
          case "large" -> new VisionConfig(1024, 24, 16, 4096, 384, 16, 1e-5f);
          default -> throw new IllegalArgumentException("neither base nor large: " + name);
        };
    return new FullSizeCheckpoints(
        name,
        new BlipConfig(
            vision, new TextConfig(30524, 768, 12, 12, 3072, 512, 1e-12f, 30522, 102, 0), 256));
  }

  Path captioner(Path folder) throws IOException {
    return write(folder, Architecture.CAPTIONER, 1, 2);
  }

  Path filter(Path folder) throws IOException {
    return write(folder, Architecture.FILTER, 3, 4);
  }

  /** With the captioner's vision weights. */
  Path filterOfTheSameVision(Path folder) throws IOException {
    return write(folder, Architecture.FILTER, 1, 4);
  }

  private Path write(Path folder, Architecture architecture, long visionSeed, long textSeed)
      throws IOException {
    Files.createDirectories(folder);
    RandomCheckpoint.write(folder, architecture, config, visionSeed, textSeed, DEVIATION);
    Files.write(folder.resolve("vocab.txt"), vocabulary());
    return folder;
  }

  /** Letters, so that any word can be spelt, and as many words as it takes. */
  private static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]"));
    while (tokens.size() < UNKNOWN) {
      tokens.add("[unused%d]".formatted(tokens.size()));
    }
    tokens.addAll(FRAMES);
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add(String.valueOf(letter));
      tokens.add("##" + letter);
    }
    while (tokens.size() < LISTED_TOKENS) {
      tokens.add("word" + tokens.size());
    }
    return tokens;
  }
}
