package io.blipstream.app.cli;

import io.blipstream.app.config.TopicNames;
import picocli.CommandLine.Option;

/** The names of the four topics, for commands that are not the service. */
final class TopicOptions {

  @Option(
      names = "--topic-images",
      paramLabel = "NAME",
      defaultValue = "images",
      description = "Topic of image events (default: ${DEFAULT-VALUE}).")
  private String images;

  @Option(
      names = "--topic-captions",
      paramLabel = "NAME",
      defaultValue = "captions",
      description = "Topic of accepted texts (default: ${DEFAULT-VALUE}).")
  private String captions;

  @Option(
      names = "--topic-itm-confidence",
      paramLabel = "NAME",
      defaultValue = "itm-confidence",
      description = "Topic of all scores (default: ${DEFAULT-VALUE}).")
  private String itmConfidence;

  @Option(
      names = "--topic-rejects",
      paramLabel = "NAME",
      defaultValue = "rejects",
      description = "Topic of rejected texts and images (default: ${DEFAULT-VALUE}).")
  private String rejects;

  TopicNames names() {
    return new TopicNames(images, captions, itmConfidence, rejects);
  }
}
