package io.blipstream.model.verify;

import io.blipstream.model.UnreadableImageException;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The checks of one folder as they are done. Whatever keeps a check from being done is its failure:
 * none can fall away unnoticed.
 */
final class PartChecks {

  private final String part;
  private final Consumer<CheckResult> results;

  PartChecks(String part, Consumer<CheckResult> results) {
    this.part = part;
    this.results = results;
  }

  /** A comparison. */
  @FunctionalInterface
  interface Comparison {
    Finding run() throws IOException, UnreadableImageException;
  }

  /** What has to succeed before its comparisons can be made, and makes them. */
  @FunctionalInterface
  interface Steps {
    void run() throws IOException;
  }

  void check(String name, Comparison comparison) {
    Finding finding;
    try {
      finding = comparison.run();
    } catch (IOException | UnreadableImageException | RuntimeException e) {
      finding = Finding.failed(sentence(e));
    }
    results.accept(
        new CheckResult(part, name, finding.ok(), finding.difference(), finding.detail()));
  }

  /** Runs steps that are no check as long as they succeed. */
  void require(String name, Steps steps) {
    try {
      steps.run();
    } catch (IOException | RuntimeException e) {
      fail(name, sentence(e));
    }
  }

  void fail(String name, String sentence) {
    results.accept(new CheckResult(part, name, false, OptionalDouble.empty(), sentence));
  }

  private static String sentence(Exception e) {
    return e.getMessage() == null || e instanceof IndexOutOfBoundsException
        ? e.toString()
        : e.getMessage();
  }
}
