package io.blipstream.model.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.GreedyDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

  static List<JsonNode> greedyCases() throws IOException {
    JsonNode cases =
        new JsonMapper().readTree(ReferenceFiles.path("captioner/reference.json").toFile());
    List<JsonNode> greedy =
        StreamSupport.stream(cases.path("generate").spliterator(), false)
            .filter(node -> node.path("settings").path("num_beams").asInt() == 1)
            .toList();
    assertThat(greedy).hasSizeGreaterThanOrEqualTo(3);
    return greedy;
  }

  @ParameterizedTest
  @MethodSource("greedyCases")
  void shouldWriteTheReferencesTokens(JsonNode node) {
    JsonNode settings = node.path("settings");
    TextConfig text = checkpoint.config().text();
    GreedyDecoder decoder =
        new GreedyDecoder(
            captioner,
            text,
            new DecodingSettings(
                settings.path("max_length").asInt(),
                settings.path("min_length").asInt(),
                settings.path("repetition_penalty").asDouble(1)));
    long[] start = start(node.path("prompt"), text);
    List<long[]> captions = decoder.decode(images, start);
    List<long[]> expected = new ArrayList<>();
    node.path("ids").forEach(ids -> expected.add(upToEnd(longs(ids), text.sepTokenId())));
    assertThat(captions).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(captions.get(i)).containsExactly(expected.get(i));
    }
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
