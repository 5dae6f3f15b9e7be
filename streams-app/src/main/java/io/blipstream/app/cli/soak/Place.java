package io.blipstream.app.cli.soak;

/** Where an input record lies. */
public record Place(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
