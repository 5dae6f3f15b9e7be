package io.blipstream.model.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.ReferenceFiles;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.pytorch.PyTorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine against outputs of transformers 5.18 and Pillow, and the verification against
 * references in which one thing is wrong.
 */
class ReferenceVerificationTest {

  private static BlipEngine engine;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    engine = PyTorchEngine.start(ComputeDevice.CPU, 1);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @ParameterizedTest
  @MethodSource("io.blipstream.model.ReferenceFiles#verifiable")
  void shouldComputeWhatTheReferenceStates(Path reference, int checks) throws IOException {
    List<CheckResult> results = verify(reference);

    assertThat(results).allSatisfy(result -> assertThat(result.detail()).doesNotContain("above"));
    assertThat(results).filteredOn(result -> !result.ok()).isEmpty();
    assertThat(results).hasSize(checks);
  }

  @Test
  void shouldFindAChangedWeightWhereItHasAnEffect() throws IOException {
    Path filter = copy("filter");
    new ChangedTensors(filter.resolve("model.safetensors")).add("itm_head.bias", 0.01f);

    assertThat(failures())
        .containsExactly("itm_logits", "itm_probability", "itm_logits_enc_first_token");
  }

  @Test
  void shouldFindAChangedWeightOfTheCaptioner() throws IOException {
    Path captioner = copy("captioner");
    new ChangedTensors(captioner.resolve("model.safetensors"))
        .add("vision_model.post_layernorm.bias", 0.01f);

    assertThat(failures())
        .contains(
            "image_embeds", "decoder_logits, each text anew", "decoder_logits, token by token");
  }

  @Test
  void shouldFindAChangedTokenId() throws IOException {
    Path captioner = copy("captioner");
    replace(captioner.resolve("reference.json"), "79,44,48,48,48", "79,44,48,47,48");

    assertThat(failures()).singleElement().asString().startsWith("generate[7]: beam 5");
  }

  @Test
  void shouldFindAChangedLogit() throws IOException {
    Path captioner = copy("captioner");
    new ChangedTensors(captioner.resolve("reference.safetensors")).add("decoder_logits", 0.01f);

    assertThat(failures())
        .containsExactly("decoder_logits, each text anew", "decoder_logits, token by token");
  }

  @Test
  void shouldFindAWrongNumberOfHeads() throws IOException {
    Path filter = copy("filter");
    // Of the text: it divides the width as well, so that nothing else gives it away.
    replace(
        filter.resolve("config.json"), "\"num_attention_heads\": 4", "\"num_attention_heads\": 8");

    assertThat(failures())
        .containsExactly(
            "itm_logits", "itm_probability", "itm_logits_enc_first_token", "itc_similarity");
  }

  @Test
  void shouldFindAChangedByteOfAnImage() throws IOException {
    Path resize = copy("resize");
    ChangedPixel.in(resize.resolve("4-RGBA-33x90.expected-42.png"));

    assertThat(failures()).containsExactly("4-RGBA-33x90.png bytes");
  }

  @Test
  void shouldFindChangedNormalisation() throws IOException {
    Path resize = copy("resize");
    Path file = resize.resolve("cases.json");
    JsonMapper mapper = new JsonMapper();
    JsonNode cases = mapper.readTree(file.toFile());
    ObjectNode changed = (ObjectNode) cases.get(3);
    changed.put("normalised_sum", changed.get("normalised_sum").asDouble() * 1.0003);
    ((ArrayNode) changed.get("normalised_first_pixel")).set(2, 0.5);
    mapper.writeValue(file.toFile(), cases);

    assertThat(failures())
        .containsExactly(
            "3-RGB-301x3.png normalised sum", "3-RGB-301x3.png normalised first pixel");
  }

  @Test
  void shouldFindAValueThatIsNoNumber() throws IOException {
    Path filter = copy("filter");
    new ChangedTensors(filter.resolve("reference.safetensors")).add("itm_probability", Float.NaN);

    assertThat(verify(folder))
        .filteredOn(result -> !result.ok())
        .singleElement()
        .satisfies(result -> assertThat(result.name()).isEqualTo("itm_probability"))
        .satisfies(result -> assertThat(result.detail()).contains("NaN"));
  }

  @Test
  void shouldFailForATensorThatIsMissingAndForOneThatIsUnknown() throws IOException {
    Path filter = copy("filter");
    new ChangedTensors(filter.resolve("reference.safetensors"))
        .rename("itc_similarity", "itc_similaritx");

    assertThat(failures()).containsExactly("itc_similaritx", "itc_similarity");
  }

  @Test
  void shouldFailForSettingsThatAreUnknown() throws IOException {
    Path captioner = copy("captioner");
    replace(captioner.resolve("reference.json"), "\"num_return_sequences\":3", "\"diversity\":3");

    assertThat(verify(folder))
        .filteredOn(result -> !result.ok())
        .singleElement()
        .satisfies(result -> assertThat(result.name()).isEqualTo("generate[10]"))
        .satisfies(result -> assertThat(result.detail()).contains("diversity"));
  }

  @Test
  void shouldFailForCasesThatAreMissingOrUnknown() throws IOException {
    Path captioner = copy("captioner");
    replace(captioner.resolve("reference.json"), "\"sampling_step\"", "\"sampling\"");

    assertThat(failures()).containsExactly("sampling_step", "reference.json");
  }

  @Test
  void shouldFailForAnImageOrAReferenceThatNothingNames() throws IOException {
    Path resize = copy("resize");
    Files.copy(resize.resolve("0-RGB-1x1.png"), resize.resolve("other.png"));
    Files.createDirectory(folder.resolve("elsewhere"));
    Files.writeString(folder.resolve("elsewhere/reference.json"), "{}");

    assertThat(failures()).containsExactly("other.png", "reference.json");
  }

  @Test
  void shouldFailForAPartWithoutItsFiles() throws IOException {
    Files.createDirectory(folder.resolve("captioner"));
    Files.createDirectory(folder.resolve("resize"));

    assertThat(verify(folder)).hasSize(2).noneMatch(CheckResult::ok);
  }

  @Test
  void shouldRefuseAFolderWithoutAReference() {
    assertThatThrownBy(() -> verify(folder))
        .isInstanceOf(ReferenceException.class)
        .hasMessageContaining("none of the folders");
    assertThatThrownBy(() -> verify(folder.resolve("absent")))
        .isInstanceOf(ReferenceException.class)
        .hasMessageContaining("is no folder");
  }

  private List<String> failures() throws IOException {
    return verify(folder).stream().filter(result -> !result.ok()).map(CheckResult::name).toList();
  }

  private static List<CheckResult> verify(Path reference) throws IOException {
    List<CheckResult> results = new ArrayList<>();
    new ReferenceVerification(engine).run(reference, results::add);
    return results;
  }

  /** A part of the small reference, to be changed. */
  private Path copy(String part) throws IOException {
    Path target = Files.createDirectory(folder.resolve(part));
    try (Stream<Path> files = Files.list(ReferenceFiles.other("small").resolve(part))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return target;
  }

  private static void replace(Path file, String text, String by) throws IOException {
    String content = Files.readString(file);
    assertThat(content).contains(text);
    Files.writeString(file, content.replace(text, by));
  }
}
