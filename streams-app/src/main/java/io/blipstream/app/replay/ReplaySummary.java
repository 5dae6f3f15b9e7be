package io.blipstream.app.replay;

/**
 * What a replay did, in events unless said otherwise.
 *
 * @param rejects records read from the reject topic
 * @param replayed sent, or in a dry run found
 * @param before dealt with by earlier runs
 * @param notSelected of other stages or reasons
 * @param repeated met again under the same coordinates, as at-least-once writes them
 * @param overMaxAttempts sent back too often already
 * @param gone no longer in Kafka
 * @param unreadable rejects, in records, that are no rejects
 */
public record ReplaySummary(
    long rejects,
    long replayed,
    long before,
    long notSelected,
    long repeated,
    long overMaxAttempts,
    long gone,
    long unreadable) {

  /** Whether every event that was asked for could be sent. */
  public boolean isComplete() {
    return gone == 0 && unreadable == 0;
  }
}
