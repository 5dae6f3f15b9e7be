package io.blipstream.app.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConservationLedgerTest {

  private final ConservationLedger ledger = new ConservationLedger();

  @Test
  void shouldBalanceInWhateverOrderOutcomesCome() {
    ledger.text(0, 5000);
    ledger.confidence(0, 5000, 2);
    ledger.text(0, 5000);
    ledger.image(0, 5000);
    ledger.image(1, 0);
    ledger.imageReject(1, 0);
    assertThat(ledger.missing()).isZero();
    assertThat(ledger.surplus()).isZero();
    assertThat(ledger.withOutcome()).isEqualTo(2);
  }

  @Test
  void shouldFindALostImageBehindADuplicatedOne() {
    ledger.image(0, 0);
    ledger.image(0, 1);
    ledger.confidence(0, 0, 0);
    ledger.confidence(0, 0, 0);
    assertThat(ledger.missing()).isEqualTo(1);
    assertThat(ledger.surplus()).isEqualTo(1);
    assertThat(ledger.withOutcome()).isEqualTo(1);
  }

  @Test
  void shouldFindLostAndDuplicatedTexts() {
    ledger.image(0, 0);
    ledger.confidence(0, 0, 2);
    ledger.text(0, 0);
    assertThat(ledger.missing()).isEqualTo(1);
    ledger.text(0, 0);
    ledger.text(0, 0);
    assertThat(ledger.missing()).isZero();
    assertThat(ledger.surplus()).isEqualTo(1);
  }
}
