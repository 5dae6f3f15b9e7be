package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a folder can be wrong, and the sentence that says so. */
class CheckpointFaultsTest {

  private static final String NORM = "vision_model.post_layernorm.weight";

  @TempDir Path folder;

  /** Makes a good captioner's folder a bad one. */
  private interface Fault {
    void inflict(Path folder) throws IOException;
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            "no weights",
            f -> Files.delete(f.resolve("model.safetensors")),
            "FOLDER holds no weights: model.safetensors is missing, and so are pytorch_model.bin"
                + " and an index of either (*.index.json)."),
        fault(
            "no configuration",
            f -> Files.delete(f.resolve("config.json")),
            "FOLDER/config.json is missing; a checkpoint folder holds it beside the weights."),
        fault(
            "truncated safetensors",
            f -> cut(f.resolve("model.safetensors"), 100_000),
            "FOLDER/model.safetensors: tensor",
            "it is cut off, fetch it again."),
        fault(
            "a header larger than the file",
            f -> cut(f.resolve("model.safetensors"), 5_000),
            "FOLDER/model.safetensors states a header of",
            "bytes, but holds only 4992; it is cut off, fetch it again."),
        fault(
            "not a number",
            f -> weights(f, w -> w.put(NORM, constant(Float.NaN, 48))),
            "FOLDER/model.safetensors: tensor " + NORM + " holds NaN; the weights are damaged."),
        fault(
            "infinite",
            f -> weights(f, w -> w.put(NORM, constant(Float.NEGATIVE_INFINITY, 48))),
            "FOLDER/model.safetensors: tensor "
                + NORM
                + " holds -Infinity; the weights are damaged."),
        fault(
            "a missing tensor",
            f -> weights(f, w -> w.remove(NORM)),
            "FOLDER/model.safetensors lacks 1 of 105 tensors: " + NORM + "."),
        fault(
            "a wrong shape",
            f -> weights(f, w -> w.put(NORM, constant(1, 47))),
            "FOLDER/model.safetensors does not match config.json: "
                + NORM
                + " is [47] where [48] is expected."),
        fault(
            "configuration and weights at odds",
            f -> config(f, "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4"),
            "FOLDER/model.safetensors lacks 12 of 117 tensors:",
            "vision_model.encoder.layers.3.self_attn.qkv.weight",
            "and 7 more."),
        fault(
            "another activation",
            f -> config(f, "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\""),
            "FOLDER/config.json: ",
            "hidden_act must be \"gelu\", but is \"relu\"."),
        fault(
            "another architecture",
            f ->
                config(
                    f,
                    "\"architectures\": null",
                    "\"architectures\": [\"BlipForQuestionAnswering\"]"),
            "FOLDER/config.json states the architecture BlipForQuestionAnswering, but a captioner"
                + " is needed, such as Salesforce/blip-image-captioning-base."),
        fault(
            "a filter",
            f -> copy("filter", f),
            "FOLDER/model.safetensors holds a filter, but a captioner is needed, such as"
                + " Salesforce/blip-image-captioning-base."),
        fault(
            "a foreign global",
            f -> torch(f, "evil.pt"),
            "FOLDER/pytorch_model.bin asks for the Python global posix.system, which no BLIP"
                + " weights need; nothing of it was run, but do not trust the file."),
        fault(
            "a truncated torch file",
            f -> {
              torch(f, "captioner.bin");
              cut(f.resolve("pytorch_model.bin"), 300_000);
            },
            "FOLDER/pytorch_model.bin is a zip archive without its end; it is cut off, fetch it"
                + " again."),
        fault(
            "neither captioner nor filter",
            f -> torch(f, "plain.pt"),
            "FOLDER/pytorch_model.bin holds neither a captioner nor a filter, but a captioner is"
                + " needed, such as Salesforce/blip-image-captioning-base."),
        fault(
            "images smaller than a patch",
            f -> Files.writeString(f.resolve("preprocessor_config.json"), "{\"size\": 8}"),
            "FOLDER/preprocessor_config.json makes images of 8 x 8 pixels, smaller than the patches"
                + " of 16 that config.json states."),
        fault(
            "images of varying shape",
            f ->
                Files.writeString(
                    f.resolve("preprocessor_config.json"), "{\"size\":{\"shortest_edge\":64}}"),
            "FOLDER/preprocessor_config.json: size must be a number or have height and width, but"
                + " is {\"shortest_edge\":64}; images of varying shape are not built in."));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void shouldSayWhatIsWrongInOneSentence(String what, Fault fault, String... parts)
      throws IOException {
    copy("captioner", folder);
    load(Architecture.CAPTIONER);
    fault.inflict(folder);
    assertThatThrownBy(() -> load(Architecture.CAPTIONER))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(inPlace(parts[0]))
        .hasMessageEndingWith(inPlace(parts[parts.length - 1]))
        .hasMessageNotContaining("\n")
        .satisfies(e -> assertThat(parts).allMatch(part -> e.getMessage().contains(inPlace(part))));
  }

  @Test
  void shouldSayThatACaptionerIsNoFilter() throws IOException {
    copy("captioner", folder);
    assertThatThrownBy(() -> load(Architecture.FILTER))
        .hasMessage(
            folder
                + "/model.safetensors holds a captioner, but a filter is needed, such as"
                + " Salesforce/blip-itm-base-coco.");
  }

  @Test
  void shouldIgnoreTensorsThatBlipDoesNotUse() throws IOException {
    copy("captioner", folder);
    weights(folder, w -> w.put("text_encoder.pooler.dense.bias", constant(1, 3)));
    load(Architecture.CAPTIONER);
  }

  private void load(Architecture role) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      checkpoint.require(role);
      for (var entry : checkpoint.parameters(role).entrySet()) {
        checkpoint.read(entry.getKey(), entry.getValue());
      }
    }
  }

  private String inPlace(String part) {
    return part.replace("FOLDER", folder.toString());
  }

  private static Arguments fault(String what, Fault fault, String... parts) {
    return arguments(what, fault, parts);
  }

  private static void copy(String name, Path to) throws IOException {
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.write(to.resolve(file), Files.readAllBytes(Reference.path(name).resolve(file)));
    }
  }

  private static void torch(Path folder, String name) throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    Files.copy(TorchFiles.path(name), folder.resolve("pytorch_model.bin"));
  }

  private static void cut(Path file, int bytes) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
  }

  private static void config(Path folder, String from, String to) throws IOException {
    Path file = folder.resolve("config.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private static FloatTensor constant(float value, int size) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return FloatTensor.of(values, size);
  }

  private interface Change {
    void apply(Map<String, FloatTensor> weights);
  }

  /** Changes the weights; the writer refuses what is not finite, so that is put in afterwards. */
  private static void weights(Path folder, Change change) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    try (var source = SafetensorsFile.open(file)) {
      for (String name : source.names()) {
        weights.put(name, FloatTensor.of(source.readFloats(name), source.tensor(name).shape()));
      }
    }
    change.apply(weights);
    float bad = weights.containsKey(NORM) ? weights.get(NORM).values()[0] : 0;
    if (!Float.isFinite(bad)) {
      // The last tensor of the file, so that its place is known.
      weights.remove(NORM);
      weights.put(NORM, constant(1, 48));
    }
    SafetensorsWriter.write(file, weights, Precision.F32);
    if (!Float.isFinite(bad)) {
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, bad);
      Files.write(file, bytes);
    }
  }
}
