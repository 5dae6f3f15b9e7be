package io.blipstream.model.generate;

import java.util.Locale;

/** How the next token is chosen. */
public sealed interface Strategy {

  /** The most texts of one image that can differ. */
  int maxCandidates();

  /** The likeliest token each time. */
  record Greedy() implements Strategy {

    @Override
    public int maxCandidates() {
      return 1;
    }
  }

  /**
   * Beam search: the texts that are likeliest as a whole, as far as a bounded search finds them.
   *
   * @param beams unfinished texts kept at each step, 2 or more; also the most that can be returned
   * @param lengthPenalty a finished text's score is its log-probability divided by its generated
   *     length to this power: above 0 favours long texts, below 0 short ones, 0 neither
   * @param earlyStopping when an image's search ends
   */
  record Beam(int beams, double lengthPenalty, EarlyStopping earlyStopping) implements Strategy {

    /** More would be slow, and search no better. */
    static final int MAX_BEAMS = 64;

    public Beam {
      if (beams < 2 || beams > MAX_BEAMS) {
        throw new IllegalArgumentException(
            "beam search takes 2 to %d beams, not %d; one beam is greedy decoding"
                .formatted(MAX_BEAMS, beams));
      }
      if (!Double.isFinite(lengthPenalty)) {
        throw new IllegalArgumentException(
            "the length penalty must be a number, not " + lengthPenalty);
      }
    }

    @Override
    public int maxCandidates() {
      return beams;
    }
  }

  /**
   * When a beam search ends, if not at the maximum length; transformers' {@code early_stopping}.
   */
  enum EarlyStopping {
    /**
     * When the best unfinished text, scored as if it ended now, is no better than the worst
     * finished one ({@code false}).
     */
    FALSE,
    /** As soon as as many texts as beams have finished ({@code true}). */
    TRUE,
    /**
     * When no unfinished text can become better than the worst finished one, whatever its length
     * ({@code "never"}).
     */
    NEVER;

    /** As transformers spells it. */
    public String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Draws each token at random by its probability, after these restrictions.
   *
   * @param temperature logits are divided by it: below 1 favours likely tokens
   * @param topK only this many of the likeliest tokens can be drawn; 0 for no limit
   * @param topP only the likeliest tokens that together have this probability can be drawn (nucleus
   *     sampling, Holtzman et al. 2020); 1 for no limit
   */
  record Sampling(double temperature, int topK, double topP) implements Strategy {

    /** A ledger counts an image's texts in a byte. */
    static final int MAX_CANDIDATES = 100;

    public Sampling {
      if (!(temperature > 0) || !Double.isFinite(temperature)) {
        throw new IllegalArgumentException(
            "the temperature must be above 0, not %s; greedy decoding is what 0 would mean"
                .formatted(temperature));
      }
      if (topK < 0) {
        throw new IllegalArgumentException(
            "top-k must be 0 for no limit, or a number of tokens, not " + topK);
      }
      if (!(topP > 0 && topP <= 1)) {
        throw new IllegalArgumentException(
            "top-p must be above 0 and at most 1, not %s; 1 means no limit".formatted(topP));
      }
    }

    @Override
    public int maxCandidates() {
      return MAX_CANDIDATES;
    }
  }
}
