package io.blipstream.app.cli;

import io.blipstream.app.config.TopicNames;
import picocli.CommandLine.Option;

/** Where commands that send put their images. */
final class TargetTopicOptions {

  @Option(
      names = "--topic-images",
      paramLabel = "NAME",
      defaultValue = "images",
      description = "Topic to send to (default: ${DEFAULT-VALUE}).")
  private String images;

  /**
   * The topic's name.
   *
   * @throws io.blipstream.app.config.IllegalConfigurationException if no topic can have it
   */
  String name() {
    return new TopicNames(images, "captions-", "itm-confidence-", "rejects-").images();
  }
}
