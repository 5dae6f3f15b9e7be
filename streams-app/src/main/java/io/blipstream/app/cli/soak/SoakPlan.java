package io.blipstream.app.cli.soak;

import java.time.Duration;
import java.util.List;

/**
 * How a soak goes; all its streams alike.
 *
 * @param seed gives inputs, failures and disturbances
 * @param time for how long inputs are sent and the service is disturbed
 * @param streams the combinations that run side by side, each with topics and processes of its own
 * @param processes instances of the service in each stream
 * @param partitions of every topic
 * @param rate inputs a second in each stream
 * @param sessionTimeout after which a group takes a silent member for dead
 * @param disturbsBroker whether broker and registry are frozen and restarted, too
 * @param runFlags further flags of every {@code run}
 */
public record SoakPlan(
    long seed,
    Duration time,
    List<StreamKind> streams,
    int processes,
    int partitions,
    double rate,
    Duration sessionTimeout,
    boolean disturbsBroker,
    List<String> runFlags) {

  /** Longer than it takes to answer and commit, shorter than a freeze. */
  public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(8);

  public SoakPlan {
    streams = List.copyOf(streams);
    runFlags = List.copyOf(runFlags);
  }

  /** One combination of what the service can be set to. */
  public record StreamKind(Guarantee guarantee, Protocol protocol) {

    /** Whether the service takes this combination: held offsets do not reach the other one. */
    public boolean isPossible() {
      return guarantee == Guarantee.EXACTLY_ONCE || protocol == Protocol.CLASSIC;
    }

    public String name() {
      return guarantee + "-" + protocol;
    }
  }
}
