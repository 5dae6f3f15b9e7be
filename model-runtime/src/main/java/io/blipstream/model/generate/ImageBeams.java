package io.blipstream.model.generate;

import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.Strategy.Beam;
import io.blipstream.model.generate.Strategy.EarlyStopping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * One image's beam search: the texts that grow and those that have finished.
 *
 * <p>What must hold, from transformers' code: of each step's 2 x beams best continuations only the
 * first {@code beams} may finish, the others are there so that as many can go on; a finished text
 * takes a place among the best {@code beams} by its length-penalised score, and one that came
 * earlier stays before an equal one; sums are in single precision.
 */
final class ImageBeams {

  private final Beam beam;
  private final int startLength;
  private final int maxLength;
  private final int endToken;
  private final Continuations continuations;

  private List<Scored> running;
  private final List<Scored> finished = new ArrayList<>();
  private boolean done;

  /** A text with its sum of log-probabilities, length-penalised if it is finished. */
  private record Scored(TokenSequence text, float score) {}

  ImageBeams(Beam beam, DecodingSettings settings, int endToken, long... start) {
    this.beam = beam;
    this.startLength = start.length;
    this.maxLength = settings.maxLength();
    this.endToken = endToken;
    this.continuations = new Continuations(2 * beam.beams());
    this.running = List.of(new Scored(new TokenSequence(start, maxLength), 0));
  }

  /** Texts that grow, each with a row of logits. */
  int rows() {
    return running.size();
  }

  TokenSequence text(int row) {
    return running.get(row).text();
  }

  /** The newest token of each text that grows. */
  LongStream lastTokens() {
    return running.stream().mapToLong(one -> one.text().token(one.text().length() - 1));
  }

  /** Whether nothing can change any more. */
  boolean done() {
    return done;
  }

  /**
   * Takes a step.
   *
   * @param logProbabilities [rows, V], the rules applied
   * @param firstRow where this image's rows begin
   * @return for each text that grows now, the row that it continues
   */
  int[] advance(FloatRows logProbabilities, int firstRow) {
    continuations.clear();
    for (int i = 0; i < running.size(); i++) {
      continuations.offer(logProbabilities, firstRow + i, running.get(i).score());
    }
    List<Scored> next = new ArrayList<>();
    int[] parents = new int[beam.beams()];
    for (int rank = 0; rank < continuations.size(); rank++) {
      int row = continuations.row(rank);
      int token = continuations.token(rank);
      TokenSequence text = running.get(row - firstRow).text().with(token);
      float score = continuations.score(rank);
      if (token == endToken || text.full()) {
        if (rank < beam.beams()) {
          finish(text, score);
        }
      } else if (next.size() < beam.beams()) {
        parents[next.size()] = row;
        next.add(new Scored(text, score));
      }
    }
    running = next;
    // At the maximum length everything has finished.
    done = running.isEmpty() || (full() && (stopsWhenFull() || !canImprove()));
    return parents;
  }

  private void finish(TokenSequence text, float sum) {
    finished.add(new Scored(text, sum / penalty(text.length() - startLength)));
    finished.sort(Comparator.comparingDouble((Scored one) -> -one.score()));
    if (finished.size() > beam.beams()) {
      finished.remove(finished.size() - 1);
    }
  }

  private boolean full() {
    return finished.size() == beam.beams();
  }

  private boolean stopsWhenFull() {
    return beam.earlyStopping() == EarlyStopping.TRUE;
  }

  /** Whether the best text that grows might still beat the worst that has finished. */
  private boolean canImprove() {
    Scored best = running.get(0);
    int length =
        beam.earlyStopping() == EarlyStopping.NEVER && beam.lengthPenalty() > 0
            ? maxLength
            : best.text().length();
    return best.score() / penalty(length - startLength) > finished.get(finished.size() - 1).score();
  }

  private float penalty(int generated) {
    return (float) Math.pow(generated, beam.lengthPenalty());
  }

  List<GeneratedText> best(int candidates) {
    return finished.stream()
        .limit(candidates)
        .map(one -> new GeneratedText(one.text().toArray(), OptionalDouble.of(one.score())))
        .toList();
  }
}
