package io.blipstream.app.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.TextSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Histories made by hand: the right one passes, and each wrong one is seen as what it is. */
class OracleTest {

  private static final Expectation.Text KEPT = new Expectation.Text(TextSource.WEB, "a cat", true);
  private static final Expectation.Text REFUSED =
      new Expectation.Text(TextSource.SYNTHETIC, "a dog", false);
  private static final int INPUTS = 4;

  /** Inputs "0" to "3" at offsets 10 to 13; "2" is an image that cannot be judged. */
  private final List<Outcome> outcomes = new ArrayList<>();

  @BeforeEach
  void writeTheRightHistory() {
    for (int i = 0; i < INPUTS; i++) {
      if (i == 2) {
        outcomes.add(new Outcome.ImageReject(origin("rejects-0", i), RejectStage.MODEL, "BAD"));
      } else {
        outcomes.add(new Outcome.OfText(origin("captions-0", i), KEPT));
        outcomes.add(new Outcome.OfText(origin("rejects-0", i), REFUSED));
        outcomes.add(new Outcome.Confidence(origin("confidence-0", i), List.of(KEPT, REFUSED)));
      }
    }
  }

  @Test
  void shouldPassTheRightHistory() {
    Findings findings = check(Guarantee.EXACTLY_ONCE);
    assertThat(findings.examples()).isEmpty();
    assertThat(findings.allKept()).isTrue();
    assertThat(findings.conserved()).isTrue();
    assertThat(findings.inputs()).isEqualTo(INPUTS);
    assertThat(findings.outcomes()).isEqualTo(INPUTS);
    assertThat(check(Guarantee.AT_LEAST_ONCE).allKept()).isTrue();
  }

  @Test
  void shouldSeeALostInput() {
    outcomes.removeIf(outcome -> outcome.origin().imageId().equals("1"));
    assertBroken(Breach.LOST, 1);
  }

  @Test
  void shouldSeeALostRejectOfAnImage() {
    outcomes.removeIf(outcome -> outcome.origin().imageId().equals("2"));
    assertBroken(Breach.LOST, 1);
  }

  @Test
  void shouldSeeAMissingCaption() {
    outcomes.remove(new Outcome.OfText(origin("captions-0", 1), KEPT));
    assertBroken(Breach.TEXT_LOST, 1);
  }

  @Test
  void shouldSeeADuplicateUnderExactlyOnceOnly() {
    outcomes.add(outcomes.get(outcomes.size() - 1));
    assertThat(broken(Guarantee.EXACTLY_ONCE)).containsExactly(Breach.DUPLICATED);
    Findings findings = check(Guarantee.AT_LEAST_ONCE);
    assertThat(findings.allKept()).isTrue();
    assertThat(findings.repeated()).isEqualTo(1);
  }

  @Test
  void shouldSeeADuplicateCaption() {
    outcomes.add(new Outcome.OfText(origin("captions-0", 3), KEPT));
    assertBroken(Breach.DUPLICATED, 1);
  }

  @Test
  void shouldSeeSwappedOutcomes() {
    Collections.swap(
        outcomes,
        outcomes.indexOf(new Outcome.OfText(origin("captions-0", 0), KEPT)),
        outcomes.indexOf(new Outcome.OfText(origin("captions-0", 1), KEPT)));
    assertBroken(Breach.OUT_OF_ORDER, 1);
    assertThat(broken(Guarantee.AT_LEAST_ONCE)).containsExactly(Breach.OUT_OF_ORDER);
  }

  @Test
  void shouldTakeAReplayForOrderedUnderAtLeastOnce() {
    outcomes.addAll(List.copyOf(outcomes));
    Findings findings = check(Guarantee.AT_LEAST_ONCE);
    assertThat(findings.allKept()).isTrue();
    assertThat(findings.repeated()).isEqualTo(outcomes.size() / 2);
    assertThat(broken(Guarantee.EXACTLY_ONCE))
        .containsExactly(Breach.DUPLICATED, Breach.OUT_OF_ORDER);
  }

  @Test
  void shouldSeeAnOutcomeWithoutAnInput() {
    outcomes.add(new Outcome.ImageReject(origin("rejects-0", 9), RejectStage.MODEL, "BAD"));
    assertBroken(Breach.WITHOUT_INPUT, 1);
  }

  @Test
  void shouldSeeWrongCoordinates() {
    Outcome.Origin wrong = new Outcome.Origin("rejects-0", "2", place(3));
    outcomes.add(new Outcome.ImageReject(wrong, RejectStage.MODEL, "BAD"));
    assertBroken(Breach.WRONG_PLACE, 1);
  }

  @Test
  void shouldSeeAnotherTopicInTheCoordinates() {
    Outcome.Origin wrong = new Outcome.Origin("rejects-0", "2", new Place("elsewhere", 0, 12));
    outcomes.add(new Outcome.ImageReject(wrong, RejectStage.MODEL, "BAD"));
    assertBroken(Breach.WITHOUT_INPUT, 1);
  }

  @Test
  void shouldSeeAWrongReason() {
    replace(2, new Outcome.ImageReject(origin("rejects-0", 2), RejectStage.DECODE, "BAD"));
    assertBroken(Breach.WRONG_OUTCOME, 1);
  }

  @Test
  void shouldSeeAConfidenceThatLacksAText() {
    replace(1, new Outcome.Confidence(origin("confidence-0", 1), List.of(KEPT)));
    assertBroken(Breach.WRONG_OUTCOME, 1);
  }

  @Test
  void shouldSeeATextOnTheWrongSide() {
    outcomes.add(
        new Outcome.OfText(
            origin("captions-0", 3), new Expectation.Text(TextSource.SYNTHETIC, "a dog", true)));
    assertBroken(Breach.WRONG_OUTCOME, 1);
  }

  @Test
  void shouldSeeWhatIsLeftUncommittedOpenOrUnread() {
    Oracle oracle = oracle(Guarantee.EXACTLY_ONCE);
    oracle.committed("images", 0, 13, 14);
    oracle.stable("captions-0", 3, 4);
    oracle.acknowledged(INPUTS + 1);
    assertThat(brokenOf(oracle.findings()))
        .containsExactly(Breach.NOT_COMMITTED, Breach.OPEN_TRANSACTION, Breach.INPUT_MISSING);
  }

  @Test
  void shouldNotCallLostWhatIsStillToBeRead() {
    outcomes.removeIf(outcome -> outcome.origin().imageId().equals("3"));
    Oracle oracle = oracle(Guarantee.EXACTLY_ONCE);
    oracle.committed("images", 0, 13, 14);
    assertThat(brokenOf(oracle.findings())).containsExactly(Breach.NOT_COMMITTED);
  }

  @Test
  void shouldTrustNothingWhereNothingWasSent() {
    Oracle oracle = new Oracle(Guarantee.EXACTLY_ONCE, OracleTest::expectation);
    oracle.acknowledged(0);
    assertThat(oracle.findings().allKept()).isFalse();
  }

  /** Puts this in place of the outcome of the same kind of an input. */
  private void replace(int input, Outcome outcome) {
    outcomes.replaceAll(
        old ->
            old.origin().imageId().equals(Integer.toString(input))
                    && old.getClass() == outcome.getClass()
                ? outcome
                : old);
  }

  private void assertBroken(Breach breach, long times) {
    Findings findings = check(Guarantee.EXACTLY_ONCE);
    assertThat(brokenOf(findings)).containsExactly(breach);
    assertThat(findings.breaches().get(breach)).isEqualTo(times);
    assertThat(findings.examples()).hasSize((int) times).allMatch(e -> e.startsWith(breach + ":"));
  }

  private List<Breach> broken(Guarantee guarantee) {
    return brokenOf(check(guarantee));
  }

  private static List<Breach> brokenOf(Findings findings) {
    return findings.breaches().entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(java.util.Map.Entry::getKey)
        .toList();
  }

  private Findings check(Guarantee guarantee) {
    return oracle(guarantee).findings();
  }

  private Oracle oracle(Guarantee guarantee) {
    Oracle oracle = new Oracle(guarantee, OracleTest::expectation);
    for (int i = 0; i < INPUTS; i++) {
      oracle.input(place(i), Integer.toString(i));
    }
    outcomes.forEach(oracle::outcome);
    return oracle;
  }

  private static Expectation expectation(String id) {
    return id.equals("2")
        ? new Expectation.Rejected(RejectStage.MODEL, "BAD")
        : new Expectation.Judged(List.of(KEPT, REFUSED));
  }

  private static Outcome.Origin origin(String liesIn, int input) {
    return new Outcome.Origin(liesIn, Integer.toString(input), place(input));
  }

  private static Place place(int input) {
    return new Place("images", 0, 10 + input);
  }
}
