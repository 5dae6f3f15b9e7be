package io.blipstream.app.cli.soak;

import io.blipstream.app.cli.soak.Disturbance.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * An endless seeded sequence of disturbances.
 *
 * <p>The quiet between two of them is longer than the session timeout: closer together, the next
 * one comes before the group has noticed the last one, and what goes wrong when partitions change
 * hands is not seen. Kinds are dealt from a shuffled deck, so that a short run meets them all.
 */
public final class Schedule {

  private static final List<Kind> DECK =
      List.of(
          Kind.KILL,
          Kind.KILL,
          Kind.TERMINATE,
          Kind.TERMINATE,
          Kind.FREEZE,
          Kind.FREEZE,
          Kind.KILL_ALL);

  /** A group notices a little later than the timeout, and then needs to settle. */
  private static final int SETTLING_MILLIS = 3_000;

  private static final int SPREAD_MILLIS = 4_000;

  private final Random random;
  private final int processes;
  private final int session;
  private final Deque<Kind> deck = new ArrayDeque<>();

  public Schedule(long seed, int processes, Duration sessionTimeout) {
    this.random = new Random(seed);
    this.processes = processes;
    this.session = Math.toIntExact(sessionTimeout.toMillis());
  }

  public Disturbance next() {
    if (deck.isEmpty()) {
      List<Kind> cards = new ArrayList<>(DECK);
      Collections.shuffle(cards, random);
      deck.addAll(cards);
    }
    Kind kind = deck.removeFirst();
    return new Disturbance(
        kind,
        random.nextInt(processes),
        Duration.ofMillis(session + SETTLING_MILLIS + random.nextInt(SPREAD_MILLIS)),
        Duration.ofMillis(lasting(kind)));
  }

  /**
   * A frozen process sleeps until others have taken its place. One that is gone comes back before
   * or after that, either way as often.
   */
  private int lasting(Kind kind) {
    boolean outlastsSession = kind == Kind.FREEZE || random.nextBoolean();
    return (outlastsSession ? session + SETTLING_MILLIS : 0) + random.nextInt(SPREAD_MILLIS / 2);
  }
}
