package io.blipstream.app.cli;

import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.generate.DecodingPreset;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.Strategy;
import io.blipstream.model.generate.Strategy.Beam;
import io.blipstream.model.generate.Strategy.EarlyStopping;
import io.blipstream.model.generate.Strategy.Greedy;
import io.blipstream.model.generate.Strategy.Sampling;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * How captions are written. Greedy, beam search and sampling exclude each other: a flag of one of
 * them chooses it, whatever a preset says.
 */
final class DecodingOptions {

  /** Of transformers, where none is stated. */
  private static final int DEFAULT_TOP_K = 50;

  private static final int DEFAULT_MAX_TOKENS = 20;

  @Option(
      names = "--preset",
      paramLabel = "coco|nocaps|capfilt",
      description =
          "Caption as the original BLIP: coco and nocaps with 3 beams, capfilt by nucleus sampling,"
              + " all after the prompt 'a picture of'. Other flags change single settings"
              + " (default: greedy, no prompt).")
  private DecodingPreset preset;

  @Option(
      names = "--beams",
      paramLabel = "N",
      description = "Beam search with so many beams; 1: greedy.")
  private Integer beams;

  @Option(
      names = "--length-penalty",
      paramLabel = "X",
      description = "Beams: above 0 favours long captions, below 0 short ones (default: 1).")
  private Double lengthPenalty;

  @Option(
      names = "--early-stopping",
      paramLabel = "false|true|never",
      description =
          "Beams: stop when the rest seems worse, as soon as enough captions are finished, or only"
              + " when no better one can come (default: false).")
  private EarlyStopping earlyStopping;

  @Option(
      names = "--sample",
      description =
          "Draw tokens at random by their probabilities; the same image id gives the same caption.")
  private boolean sample;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Sampling: below 1 is more cautious, above 1 more daring (default: 1).")
  private Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description =
          "Sampling: draw from the N likeliest tokens only; 0: from all (default: "
              + DEFAULT_TOP_K
              + ").")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Sampling: draw from the likeliest tokens that have the probability P together"
              + " (default: 1, from all).")
  private Double topP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Above 1 makes captions repeat themselves less (default: 1).")
  private Double repetitionPenalty;

  @Option(
      names = "--min-caption-tokens",
      paramLabel = "N",
      description = "Shortest caption, in tokens with start, prompt and end (default: 0).")
  private Integer minTokens;

  @Option(
      names = "--max-caption-tokens",
      paramLabel = "N",
      description =
          "Longest caption, in tokens with start, prompt and end (default: "
              + DEFAULT_MAX_TOKENS
              + ").")
  private Integer maxTokens;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What captions are made to begin with; it is cut off the caption.")
  private String prompt;

  @Option(names = "--keep-prompt", description = "Leave the prompt in the caption.")
  private boolean keepPrompt;

  @Option(
      names = "--candidates",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Captions an image, all of them judged: samples, or the best of the beams"
              + " (default: ${DEFAULT-VALUE}).")
  private int candidates;

  /**
   * Enters what was asked for.
   *
   * @throws IllegalArgumentException if flags contradict each other, or a value is out of range
   */
  void enter(CapFiltOptions.Builder options) {
    Optional<DecodingSettings> base = Optional.ofNullable(preset).map(DecodingPreset::settings);
    Strategy strategy = strategy(base.map(DecodingSettings::strategy).orElse(new Greedy()));
    options
        .decoding(
            new DecodingSettings(
                strategy,
                or(maxTokens, base.map(DecodingSettings::maxLength).orElse(DEFAULT_MAX_TOKENS)),
                or(minTokens, base.map(DecodingSettings::minLength).orElse(0)),
                or(repetitionPenalty, base.map(DecodingSettings::repetitionPenalty).orElse(1.0))))
        .prompt(or(prompt, Optional.ofNullable(preset).map(DecodingPreset::prompt).orElse("")))
        .keepPrompt(keepPrompt)
        .candidates(candidates);
  }

  private Strategy strategy(Strategy base) {
    boolean sampling = sample || temperature != null || topK != null || topP != null;
    boolean searching = beams != null || lengthPenalty != null || earlyStopping != null;
    if (sampling && searching) {
      throw new IllegalArgumentException(
          "beams and sampling exclude each other: leave out "
              + (beams != null ? "--beams" : "--length-penalty and --early-stopping")
              + ", or --sample, --temperature, --top-k and --top-p");
    }
    if (sampling) {
      Sampling from = base instanceof Sampling own ? own : new Sampling(1, DEFAULT_TOP_K, 1);
      return new Sampling(
          or(temperature, from.temperature()), or(topK, from.topK()), or(topP, from.topP()));
    }
    return searching ? beams(base) : base;
  }

  private Strategy beams(Strategy base) {
    Optional<Beam> from = base instanceof Beam own ? Optional.of(own) : Optional.empty();
    Optional<Integer> count = Optional.ofNullable(beams).or(() -> from.map(Beam::beams));
    boolean shaped = lengthPenalty != null || earlyStopping != null;
    if (count.isEmpty() || (count.get() == 1 && shaped)) {
      throw new IllegalArgumentException(
          "--length-penalty and --early-stopping are for beam search: give --beams of 2 or more");
    }
    if (count.get() == 1) {
      return new Greedy();
    }
    return new Beam(
        count.get(),
        or(lengthPenalty, from.map(Beam::lengthPenalty).orElse(1.0)),
        or(earlyStopping, from.map(Beam::earlyStopping).orElse(EarlyStopping.FALSE)));
  }

  private static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
