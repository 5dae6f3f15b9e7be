package io.blipstream.model.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.ReferenceFiles;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.TensorSource;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.CaptionGenerator;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.GeneratedText;
import io.blipstream.model.generate.TokenDistribution;
import io.blipstream.model.generate.TransformersSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The captioner against outputs of Hugging Face transformers 5.18. */
class CaptionReferenceTest {

  private static Checkpoint checkpoint;
  private static TensorSource reference;
  private static PyTorchEngine engine;
  private static CaptionModel captioner;
  private static EncodedImages images;

  @BeforeAll
  static void load() throws IOException {
    checkpoint = ReferenceFiles.captioner();
    reference = ReferenceFiles.tensors("captioner");
    engine = PyTorchEngine.start(ComputeDevice.CPU, 1);
    captioner = engine.captioner(checkpoint);
    images = engine.vision(checkpoint).encode(ReferenceFiles.pixels(reference));
  }

  @AfterAll
  static void close() throws IOException {
    images.close();
    engine.close();
    reference.close();
    checkpoint.close();
  }

  @Test
  void shouldEncodeImagesAsTheReference() throws IOException {
    report(
        "image tokens",
        PyTorchImages.tokens(images).toFloatArray(),
        reference.readFloats("image_embeds"));
  }

  @Test
  void shouldGiveTheReferencesLogitsTokenByToken() throws IOException {
    long[] shape = reference.tensor("decoder_logits").shape();
    int rows = (int) shape[0];
    int length = (int) shape[1];
    int vocabulary = (int) shape[2];
    float[] expected = reference.readFloats("decoder_logits");
    long[] ids = reference.readLongs("decoder_input_ids");
    int[] everyRow = IntStream.range(0, rows).toArray();
    float[] actual = new float[expected.length];
    try (Decoding decoding = captioner.start(images, ids[0])) {
      FloatRows logits = decoding.logits();
      for (int position = 0; position < length; position++) {
        if (position > 0) {
          int at = position;
          long[] tokens =
              IntStream.range(0, rows).mapToLong(row -> ids[row * length + at]).toArray();
          logits = decoding.next(everyRow, tokens);
        }
        for (int row = 0; row < rows; row++) {
          System.arraycopy(
              logits.values(),
              row * vocabulary,
              actual,
              (row * length + position) * vocabulary,
              vocabulary);
        }
      }
    }
    report("decoder logits", actual, expected);
  }

  static List<JsonNode> cases() throws IOException {
    return list(reference("generate"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldWriteTheReferencesTokens(JsonNode node) {
    TextConfig text = checkpoint.config().text();
    CaptionGenerator generator =
        new CaptionGenerator(captioner, text, TransformersSettings.read(node.path("settings")));
    long[] start = start(node.path("prompt"), text);
    int candidates = node.path("settings").path("num_return_sequences").asInt(1);
    List<GeneratedText> captions =
        generator
            .generate(images, Collections.nCopies(images.count(), "any"), candidates, start)
            .stream()
            .flatMap(List::stream)
            .toList();
    assertThat(captions).hasSize(node.path("ids").size());
    for (int i = 0; i < captions.size(); i++) {
      assertThat(captions.get(i).tokens())
          .containsExactly(upToEnd(longs(node.path("ids").get(i)), text.sepTokenId()));
    }
  }

  /** One step after the reference's decoder input. */
  @Test
  void shouldDrawFromTheReferencesDistributions() throws IOException {
    long[] shape = reference.tensor("decoder_logits").shape();
    int length = (int) shape[1];
    int vocabulary = (int) shape[2];
    float[] logits = reference.readFloats("decoder_logits");
    long[] ids = reference.readLongs("decoder_input_ids");
    List<JsonNode> cases = list(reference("sampling_step"));
    assertThat(cases).isNotEmpty();
    for (JsonNode node : cases) {
      DecodingSettings settings = TransformersSettings.readSampling(node.path("settings"));
      for (int row = 0; row < shape[0]; row++) {
        int end = (row + 1) * length;
        FloatRows last =
            new FloatRows(
                Arrays.copyOfRange(logits, (end - 1) * vocabulary, end * vocabulary), vocabulary);
        TokenDistribution next =
            TokenDistribution.after(
                last,
                0,
                checkpoint.config().text().sepTokenId(),
                settings,
                Arrays.copyOfRange(ids, row * length, end));
        long[] kept = longs(node.path("kept").get(row));
        assertThat(Arrays.stream(next.tokens()).asLongStream().toArray()).containsExactly(kept);
        for (int i = 0; i < kept.length; i++) {
          assertThat(next.probabilities()[i])
              .isCloseTo(node.path("probabilities").get(row).get(i).asDouble(), within(1e-5));
        }
      }
    }
  }

  private static JsonNode reference(String key) throws IOException {
    return new JsonMapper()
        .readTree(ReferenceFiles.path("captioner/reference.json").toFile())
        .path(key);
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** The start token, then the prompt without its [CLS] and [SEP]. */
  private static long[] start(JsonNode prompt, TextConfig text) {
    if (prompt.isNull()) {
      return new long[] {text.bosTokenId()};
    }
    long[] framed = longs(prompt);
    long[] start = Arrays.copyOf(framed, framed.length - 1);
    start[0] = text.bosTokenId();
    return start;
  }

  private static long[] longs(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  /** The reference pads ended rows. */
  private static long[] upToEnd(long[] ids, int end) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == end) {
        return Arrays.copyOf(ids, i + 1);
      }
    }
    return ids;
  }

  private static void report(String what, float[] actual, float[] expected) {
    System.out.printf("%s: %.1e%n", what, ReferenceFiles.requireClose(what, actual, expected));
  }
}
