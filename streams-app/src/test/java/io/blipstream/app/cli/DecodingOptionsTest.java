package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.MatchToken;
import io.blipstream.model.generate.DecodingPreset;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From flags to decoding settings. */
class DecodingOptionsTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '', greedy max=20
          --max-caption-tokens=12 --repetition-penalty=1.2, greedy repetition=1.2 max=12
          --beams=1, greedy max=20
          --beams=4 --min-caption-tokens=3, beam 4 max=20 min=3
          --beams=2 --length-penalty=-1 --early-stopping=never, \
              beam 2 length-penalty=-1 early-stopping=never max=20
          --sample, sampling k=50 max=20
          --top-p=0.8, nucleus p=0.8 k=50 max=20
          --top-k=0 --temperature=0.7, sampling temperature=0.7 max=20
          --preset=coco, beam 3 max=20 min=5
          --preset=NoCaps, beam 3 repetition=1.1 max=20 min=5
          --preset=capfilt, nucleus p=0.9 k=50 repetition=1.1 max=20 min=5
          --preset=capfilt --top-p=1 --max-caption-tokens=30, sampling k=50 repetition=1.1 max=30 min=5
          --preset=nocaps --early-stopping=true, beam 3 early-stopping=true repetition=1.1 max=20 min=5
          --preset=coco --beams=1, greedy max=20 min=5
          --preset=coco --sample, sampling k=50 max=20 min=5
          --preset=capfilt --beams=5, beam 5 repetition=1.1 max=20 min=5
          """)
  void shouldTurnFlagsIntoSettings(String flags, String expected) {
    assertThat(options(Map.of(), flags.split(" ")).decoding().description()).isEqualTo(expected);
  }

  @Test
  void shouldTakeThePromptOfAPresetUnlessAnotherIsGiven() {
    assertThat(options(Map.of()).prompt()).isEmpty();
    assertThat(options(Map.of(), "--preset=coco").prompt())
        .isEqualTo(DecodingPreset.COCO.prompt())
        .isEqualTo("a picture of ");
    CapFiltOptions own = options(Map.of(), "--preset=coco", "--prompt=a photo of", "--keep-prompt");
    assertThat(own.prompt()).isEqualTo("a photo of");
    assertThat(own.keepPrompt()).isTrue();
  }

  @Test
  void shouldTakeFlagsFromTheEnvironment() {
    CapFiltOptions options =
        options(
            Map.of(
                "BLIPSTREAM_PRESET", "capfilt",
                "BLIPSTREAM_CANDIDATES", "5",
                "BLIPSTREAM_MATCH_TOKEN", "enc",
                "BLIPSTREAM_CLEAN_TEXTS", "true"));
    assertThat(options.decoding()).isEqualTo(DecodingPreset.CAPFILT.settings());
    assertThat(options.candidates()).isEqualTo(5);
    assertThat(options.matchToken()).isEqualTo(MatchToken.ENC);
    assertThat(options.cleanTexts()).isTrue();
    assertThat(options(Map.of()).matchToken()).isEqualTo(MatchToken.CLS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --beams=3 --top-p=0.9          | beams and sampling exclude each other
          --length-penalty=2 --sample    | beams and sampling exclude each other
          --length-penalty=2             | give --beams of 2 or more
          --beams=1 --early-stopping=true| give --beams of 2 or more
          --preset=capfilt --length-penalty=2 | give --beams of 2 or more
          --beams=0                      | 2 to 64 beams
          --temperature=0                | temperature must be above 0
          --top-p=0                      | top-p must be above 0
          --top-p=1.5                    | at most 1
          --top-k=-1                     | top-k must be 0
          --repetition-penalty=0         | repetition penalty must be above 0
          --min-caption-tokens=21        | 21 to 20 tokens
          --candidates=2                 | greedy decoding writes one
          --candidates=4 --beams=3       | take more beams
          --candidates=0                 | 1 caption at least
          --candidates=101 --sample      | at most 100
          """)
  void shouldRefuseWhatContradictsItself(String flags, String words) {
    Run run = run(Map.of(), flags.split(" "));
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines().findFirst().orElseThrow())
        .startsWith("blipstream: ")
        .containsIgnoringCase(words)
        .endsWith(".");
    assertThat(run.options()).isNull();
  }

  @Test
  void shouldNameTheChoicesThereAre() {
    assertThat(run(Map.of(), "--match-token=sep").err()).contains("[CLS, ENC]");
    assertThat(run(Map.of(), "--preset=flickr").err()).contains("[COCO, NOCAPS, CAPFILT]");
    assertThat(run(Map.of(), "--early-stopping=maybe").err()).contains("[FALSE, TRUE, NEVER]");
  }

  private record Run(int status, String err, CapFiltOptions options) {}

  private static CapFiltOptions options(Map<String, String> environment, String... flags) {
    Run run = run(environment, flags);
    assertThat(run.options()).as(run.err()).isNotNull();
    return run.options();
  }

  private static Run run(Map<String, String> environment, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("caption"));
    for (String flag : flags) {
      if (!flag.isEmpty()) {
        arguments.add(flag);
      }
    }
    arguments.add("missing.png");
    AtomicReference<CapFiltOptions> seen = new AtomicReference<>();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            environment,
            (folders, options) -> {
              seen.set(options);
              return new FakeCapFilt(0);
            },
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            arguments.toArray(String[]::new));
    return new Run(status, err.toString(), seen.get());
  }
}
