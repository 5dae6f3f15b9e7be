package io.blipstream.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.TextConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected ids and texts are those of transformers' BertTokenizer on the same vocabulary. */
class BlipTokenizerTest {

  private static final int CLS = 3;
  private static final int SEP = 4;

  @TempDir Path folder;

  /** The JSON file also asks for cutting at 6 tokens and padding to 12, which must not happen. */
  @ParameterizedTest
  @ValueSource(strings = {"vocabulary", "json"})
  void shouldEncodeAndDecodeAsTheReferenceDoes(String kind) throws Exception {
    JsonNode cases = cases();
    try (BlipTokenizer tokenizer = open(kind)) {
      assertThat(cases.path("encode").size()).isEqualTo(17);
      for (JsonNode testCase : cases.path("encode")) {
        String text = testCase.path("text").asText();
        assertThat(tokenizer.encode(text, BlipTokenizer.MATCHED_TEXT_TOKENS))
            .as(text)
            .isEqualTo(longs(testCase.path("ids")));
        assertThat(tokenizer.encode(text, 5)).as(text).isEqualTo(longs(testCase.path("cut")));
      }
      for (JsonNode testCase : cases.path("decode")) {
        assertThat(tokenizer.decode(longs(testCase.path("ids"))))
            .isEqualTo(testCase.path("text").asText());
      }
    }
  }

  @Test
  void shouldStartAPromptWithBosAndLeaveItOpen() throws Exception {
    try (BlipTokenizer tokenizer = open("vocabulary")) {
      long[] framed = tokenizer.encode("a picture of ", 35);
      long[] prompt = tokenizer.prompt("a picture of ");
      assertThat(prompt).hasSize(framed.length - 1).startsWith(bos());
      assertThat(prompt).endsWith(framed[framed.length - 2]);
      assertThat(tokenizer.prompt("")).containsExactly(bos());
      assertThat(tokenizer.decode(prompt)).isEqualTo("a picture of");
    }
  }

  @Test
  void shouldCutAPromptOffTheTextThatWentOnFromIt() throws Exception {
    try (BlipTokenizer tokenizer = open("vocabulary")) {
      long[] prompt = tokenizer.prompt("A picture of");
      long[] cat = tokenizer.encode("the cat", 35);
      long[] whole = Arrays.copyOf(prompt, prompt.length + 3);
      System.arraycopy(cat, 1, whole, prompt.length, 3);
      assertThat(tokenizer.decode(whole)).isEqualTo("a picture of the cat");
      assertThat(tokenizer.decodeAfter(prompt, whole)).isEqualTo("the cat");
      assertThat(tokenizer.decodeAfter(prompt, prompt)).isEmpty();
      assertThat(tokenizer.decodeAfter(tokenizer.prompt(""), whole))
          .isEqualTo("a picture of the cat");
    }
  }

  /** The official vocabulary file ends before 30522, where BLIP's own tokens begin. */
  @Test
  void shouldLeaveOutIdsThatTheVocabularyDoesNotHave() throws Exception {
    try (BlipTokenizer tokenizer =
        BlipTokenizer.open(resource("vocabulary"), config(30524, 30522, SEP))) {
      long[] cat = tokenizer.encode("the cat", 35);
      assertThat(tokenizer.decode(new long[] {30522, cat[1], 30523, 29000, cat[2], SEP, 0, 0}))
          .isEqualTo("the cat");
      assertThat(tokenizer.decode(new long[] {-1, Long.MAX_VALUE, cat[1]})).isEqualTo("the");
      assertThat(tokenizer.decode(new long[0])).isEmpty();
    }
  }

  @Test
  void shouldTakeAnyString() throws Exception {
    try (BlipTokenizer tokenizer = open("vocabulary")) {
      long[] plain = tokenizer.encode("the cat", 35);
      assertThat(tokenizer.encode("the \ud83d cat", 35)).isEqualTo(plain);
      assertThat(tokenizer.encode("the cat \ude00", 35)).isEqualTo(plain);
      StringBuilder everything = new StringBuilder();
      for (int c = 0; c < 1 << 16; c++) {
        everything.append((char) c);
      }
      assertThat(tokenizer.encode(everything.toString(), 35)).hasSize(35).startsWith(CLS);
      assertThatThrownBy(() -> tokenizer.encode("a", 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldNeverExceedTheNetworksPositions() throws Exception {
    TextConfig config = new TextConfig(vocabulary(), 4, 1, 1, 4, 8, 1e-12f, bos(), SEP, 0);
    try (BlipTokenizer tokenizer = BlipTokenizer.open(resource("vocabulary"), config)) {
      assertThat(tokenizer.encode("a a a a a a a a a a", 35)).hasSize(8).endsWith(SEP);
    }
  }

  @Test
  void shouldPadABatchAndMaskByLength() throws Exception {
    try (BlipTokenizer tokenizer = open("vocabulary")) {
      TokenBatch batch = tokenizer.encodeAll(List.of("the cat", "", "[PAD]"), 35);
      assertThat(batch.size()).isEqualTo(3);
      assertThat(batch.length()).isEqualTo(4);
      assertThat(batch.length(1)).isEqualTo(2);
      assertThat(batch.isUnpadded()).isFalse();
      long[] first = tokenizer.encode("the cat", 35);
      assertThat(batch.ids())
          .containsExactly(CLS, first[1], first[2], SEP, CLS, SEP, 0, 0, CLS, 0, SEP, 0);
      // A text may spell the padding token: its place is masked by length, not by id.
      assertThat(batch.mask()).containsExactly(1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0);
      assertThatThrownBy(() -> tokenizer.encodeAll(List.of(), 35))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldServeSeveralThreads() throws Exception {
    JsonNode cases = cases();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (BlipTokenizer tokenizer = open("vocabulary")) {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        runs.add(
            threads.submit(
                () -> {
                  for (int k = 0; k < 100; k++) {
                    for (JsonNode testCase : cases.path("encode")) {
                      assertThat(tokenizer.encode(testCase.path("text").asText(), 35))
                          .isEqualTo(longs(testCase.path("ids")));
                    }
                  }
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a thread saw other ids", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldSayWhatDoesNotFit() throws IOException {
    assertThatThrownBy(() -> BlipTokenizer.open(folder, config(200, 150, SEP)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("neither tokenizer.json nor vocab.txt");
    assertThatThrownBy(() -> BlipTokenizer.open(resource("json"), config(50, 49, SEP)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("but the network knows 50 tokens");
    assertThatThrownBy(() -> BlipTokenizer.open(resource("json"), config(200, 150, 102)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("frames a text with the ids [3, 4], but config.json states");
    Files.writeString(folder.resolve("vocab.txt"), "[CLS]\n[SEP]\n");
    assertThatThrownBy(() -> BlipTokenizer.open(folder, config(200, 150, 1)))
        .hasMessageContaining("lacks the token [UNK]");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 1}");
    assertThatThrownBy(() -> BlipTokenizer.open(folder, config(200, 150, 1)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("describes no tokenizer");
    Files.writeString(folder.resolve("tokenizer.json"), "{");
    assertThatThrownBy(() -> BlipTokenizer.open(folder, config(200, 150, 1)))
        .hasMessageContaining("no valid JSON");
  }

  private static BlipTokenizer open(String kind) throws Exception {
    return BlipTokenizer.open(resource(kind), config(vocabulary(), bos(), SEP));
  }

  private static int vocabulary() throws IOException {
    return cases().path("vocabulary").asInt();
  }

  private static int bos() throws IOException {
    return vocabulary() - 1;
  }

  private static TextConfig config(int vocabulary, int bos, int sep) {
    return new TextConfig(vocabulary, 4, 1, 1, 4, 512, 1e-12f, bos, sep, 0);
  }

  private static JsonNode cases() throws IOException {
    return new JsonMapper().readTree(resource("cases.json").toFile());
  }

  private static Path resource(String name) {
    try {
      return Path.of(BlipTokenizerTest.class.getResource("/tokenizer/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long[] longs(JsonNode list) {
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).asLong();
    }
    return values;
  }
}
