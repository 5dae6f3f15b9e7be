package io.blipstream.app.inflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {

  private static final TopicPartition P0 = new TopicPartition("images", 0);
  private static final TopicPartition P1 = new TopicPartition("images", 1);

  private final OffsetLedger ledger = new OffsetLedger();

  private static OffsetAndMetadata commit(long offset) {
    return new OffsetAndMetadata(offset, Optional.of(7), "clock");
  }

  @Test
  void shouldHoldCommitsAtTheLowestOffsetInFlight() {
    OffsetLedger.Hold hold = ledger.open(P0);
    hold.add(10);
    hold.add(12);
    var lowered = ledger.lower(Map.of(P0, commit(20), P1, commit(30)));
    assertThat(lowered.get(P0)).isEqualTo(new OffsetAndMetadata(10, Optional.empty(), "clock"));
    assertThat(lowered.get(P1)).isEqualTo(commit(30));
    hold.removeLowest(10);
    assertThat(ledger.lower(Map.of(P0, commit(20))).get(P0).offset()).isEqualTo(12);
    hold.removeLowest(12);
    assertThat(ledger.lower(Map.of(P0, commit(20))).get(P0)).isEqualTo(commit(20));
  }

  @Test
  void shouldNeverRaiseACommit() {
    ledger.open(P0).add(10);
    assertThat(ledger.lower(Map.of(P0, commit(5))).get(P0)).isEqualTo(commit(5));
  }

  @Test
  void shouldHoldDeletionsToo() {
    ledger.open(P0).add(10);
    var lowered =
        ledger.lowerDeletions(
            Map.of(
                P0, RecordsToDelete.beforeOffset(20),
                P1, RecordsToDelete.beforeOffset(20)));
    assertThat(lowered.get(P0).beforeOffset()).isEqualTo(10);
    assertThat(lowered.get(P1).beforeOffset()).isEqualTo(20);
  }

  @Test
  void shouldForgetWhatWasHeldWhenThePartitionIsOpenedAgain() {
    ledger.open(P0).add(10);
    ledger.open(P0).add(15);
    assertThat(ledger.held(P0)).isEqualTo(OptionalLong.of(15));
  }

  @Test
  void shouldKeepAFencedThreadFromTouchingTheNewOwnersHolds() {
    OffsetLedger.Hold fenced = ledger.open(P0);
    fenced.add(10);
    // The new owner, in the same process, has read 10 to 14 again and answered them.
    var committed =
        CompletableFuture.supplyAsync(
                () -> {
                  ledger.open(P0).add(15);
                  fencedLetsGo(fenced);
                  return ledger.lower(Map.of(P0, commit(18))).get(P0).offset();
                })
            .join();
    assertThat(committed).isEqualTo(15);
    assertThat(ledger.lower(Map.of(P0, commit(18))).get(P0).offset()).isEqualTo(10);
  }

  private static void fencedLetsGo(OffsetLedger.Hold fenced) {
    assertThatThrownBy(() -> fenced.removeLowest(10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stream thread");
  }

  @Test
  void shouldRefuseToForwardOutOfTurn() {
    OffsetLedger.Hold hold = ledger.open(P0);
    hold.add(10);
    hold.add(11);
    assertThatThrownBy(() -> hold.removeLowest(11)).isInstanceOf(IllegalStateException.class);
  }
}
