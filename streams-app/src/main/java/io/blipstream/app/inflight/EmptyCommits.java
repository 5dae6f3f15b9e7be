package io.blipstream.app.inflight;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the commits of one producer that would change nothing.
 *
 * <p>Kafka Streams commits at every interval in which a task took a record or a punctuator fired,
 * and while a model computes that is every interval: the held offsets are those of the commit
 * before and no outcome was sent, yet a transaction would cost four requests and its markers. A
 * producer that has neither sent records nor offsets ends its transaction without asking the
 * broker.
 *
 * <p>What must hold: offsets are left out only if this producer itself has committed exactly them,
 * metadata included, and has sent nothing since.
 *
 * <p>Used by the producer's stream thread only.
 */
final class EmptyCommits {

  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();
  private boolean sent;

  /** A record was sent in the transaction. */
  void sent() {
    sent = true;
  }

  /** Whether a commit of these offsets would change nothing; if not, they are taken to be sent. */
  boolean changesNothing(Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (!sent && committed.entrySet().containsAll(offsets.entrySet())) {
      return true;
    }
    pending.putAll(offsets);
    return false;
  }

  /** The transaction is committed. */
  void committed() {
    committed.putAll(pending);
    begin();
  }

  /** The transaction is aborted. */
  void aborted() {
    begin();
  }

  private void begin() {
    pending.clear();
    sent = false;
  }
}
