package io.blipstream.app.cli.soak;

import java.time.Duration;

/**
 * One thing that happens to the service.
 *
 * @param kind what happens
 * @param victim to which of its processes, by number
 * @param quietBefore for how long nothing is done before
 * @param lasting how long until the process is started again or goes on
 */
public record Disturbance(Kind kind, int victim, Duration quietBefore, Duration lasting) {

  /** What can happen. */
  public enum Kind {
    /** SIGKILL. */
    KILL("kill"),
    /** SIGTERM, and time to stop in an orderly way. */
    TERMINATE("terminate"),
    /** SIGSTOP and SIGCONT: a zombie that wakes up and believes it still owns its partitions. */
    FREEZE("freeze"),
    /** SIGKILL for every process at once. */
    KILL_ALL("killAll");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    /** Its name in the summary. */
    public String key() {
      return key;
    }
  }
}
