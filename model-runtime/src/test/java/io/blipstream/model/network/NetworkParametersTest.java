package io.blipstream.model.network;

import static io.blipstream.model.OfficialConfigs.BASE;
import static io.blipstream.model.OfficialConfigs.LARGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.ReferenceFiles;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.BlipParameters;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the network asks for is what the official checkpoints hold, name for name. */
class NetworkParametersTest {

  private static final long BATCH = 2;

  @Test
  void shouldAskACaptionerForEveryWeightAndNoOther() throws IOException {
    assertThat(caption(BASE)).isEqualTo(official("state-dict-captioning-base.json"));
    assertThat(caption(LARGE)).isEqualTo(official("state-dict-captioning-large.json"));
  }

  @Test
  void shouldAskAFilterForEveryWeightAndNoOther() throws IOException {
    assertThat(filter(BASE)).isEqualTo(official("state-dict-itm-base.json"));
    assertThat(filter(LARGE)).isEqualTo(official("state-dict-itm-large.json"));
  }

  @Test
  void shouldNoticeShapesThatDoNotFit() {
    RecordingOps ops = new RecordingOps();
    TextDecoder<long[]> decoder = new TextDecoder<>(ops, BASE);
    long[] tokensOfLarge = new VisionEncoder<>(ops, LARGE.vision()).encode(images(LARGE));
    assertThatThrownBy(() -> decoder.crossKeyValues(tokensOfLarge))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("crossattention.self.key");
  }

  private static Map<String, List<Long>> caption(BlipConfig config) {
    RecordingOps ops = new RecordingOps();
    TextDecoder<long[]> decoder = new TextDecoder<>(ops, config);
    long[] tokens = new VisionEncoder<>(ops, config.vision()).encode(images(config));
    assertThat(tokens).containsExactly(BATCH, 577, config.vision().width());
    List<KeyValues<long[]>> image = decoder.crossKeyValues(tokens);
    long[] prompt = {BATCH, 4};
    long[] causal = {1, 1, 4, 4};
    TextDecoder.Step<long[]> first =
        decoder.step(prompt, new long[] {4}, Optional.of(causal), List.of(), image);
    assertThat(first.logits()).containsExactly(BATCH, 30524);
    TextDecoder.Step<long[]> second =
        decoder.step(new long[] {BATCH, 1}, new long[] {1}, Optional.empty(), first.cache(), image);
    assertThat(second.logits()).containsExactly(BATCH, 30524);
    assertThat(second.cache()).hasSize(12);
    assertThat(second.cache().get(11).keys()).containsExactly(BATCH, 12, 5, 64);
    return ops.parameters();
  }

  private static Map<String, List<Long>> filter(BlipConfig config) {
    RecordingOps ops = new RecordingOps();
    TextEncoder<long[]> encoder = new TextEncoder<>(ops, config);
    long[] tokens = new VisionEncoder<>(ops, config.vision()).encode(images(config));
    long[] ids = {3 * BATCH, 35};
    long[] mask = {3 * BATCH, 1, 1, 35};
    long[] positions = {35};
    assertThat(encoder.match(ids, positions, mask, encoder.crossKeyValues(tokens)))
        .containsExactly(3 * BATCH, 2);
    assertThat(encoder.textEmbedding(ids, positions, mask)).containsExactly(3 * BATCH, 256);
    assertThat(encoder.imageEmbedding(tokens)).containsExactly(BATCH, 256);
    return ops.parameters();
  }

  private static long[] images(BlipConfig config) {
    int side = config.vision().imageSize();
    return new long[] {BATCH, 3, side, side};
  }

  /** The official list without old files' position ids, and with one of each tied pair. */
  private static Map<String, List<Long>> official(String file) throws IOException {
    Map<String, List<Long>> all =
        new JsonMapper()
            .readValue(
                ReferenceFiles.path(file).toFile(),
                new TypeReference<TreeMap<String, List<Long>>>() {});
    Map<String, List<Long>> once = new TreeMap<>(all);
    once.keySet().removeIf(name -> name.endsWith(".position_ids"));
    // decoder.weight and decoder.bias are the word embeddings and bias under other names.
    once.keySet()
        .removeIf(
            name ->
                name.contains("predictions.decoder.")
                    && all.containsKey(BlipParameters.tied(name)));
    return once;
  }
}
