package io.blipstream.model.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneVocabularyTest {
  private final SceneVocabulary vocabulary = new SceneVocabulary();

  @Test
  void shouldPlaceTheSpecialTokensAsBlipDoes() {
    assertThat(vocabulary.padId()).isZero();
    assertThat(vocabulary.tokens().subList(0, 5))
        .containsExactly("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    assertThat(vocabulary.tokens().get(vocabulary.decId())).isEqualTo("[DEC]");
    assertThat(vocabulary.tokens().get(vocabulary.encId())).isEqualTo("[ENC]");
    assertThat(vocabulary.encId()).isEqualTo(vocabulary.size() - 1);
  }

  @Test
  void shouldHoldEveryWordOfTheWorldWholeOrAsAPlural() {
    Set<String> pieces = new HashSet<>(vocabulary.tokens());
    SceneSampler sampler = new SceneSampler(7);
    for (int i = 0; i < 1000; i++) {
      SceneSample sample = sampler.sample(i, 1, 3);
      sample.captions().forEach(text -> assertWordsKnown(text, pieces));
      sample.falseTexts().values().forEach(text -> assertWordsKnown(text, pieces));
    }
    // The control: the check would notice a word that is missing.
    assertThat(pieces).doesNotContain("zebra");
  }

  @Test
  void shouldSpellPluralsAsSingularAndEnding() {
    Set<String> pieces = new HashSet<>(vocabulary.tokens());
    for (Kind kind : Kind.values()) {
      String ending = kind.plural().substring(kind.word().length());
      assertThat(kind.plural()).startsWith(kind.word());
      assertThat(pieces).contains(kind.word(), "##" + ending).doesNotContain(kind.plural());
    }
  }

  @Test
  void shouldWriteAVocabularyWhoseLinesAreIds(@TempDir Path folder) throws IOException {
    vocabulary.write(folder);
    List<String> lines = Files.readAllLines(folder.resolve("vocab.txt"));
    assertThat(lines).isEqualTo(vocabulary.tokens());
    assertThat(Files.readString(folder.resolve("tokenizer.json")))
        .contains("\"circle\":" + lines.indexOf("circle"));
  }

  @Test
  void shouldLetAHuggingFaceTokenizerSplitAndJoinEveryText(@TempDir Path folder)
      throws IOException {
    vocabulary.write(folder);
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
      SceneSampler sampler = new SceneSampler(7);
      int longest = 0;
      for (int i = 0; i < 300; i++) {
        for (String caption : sampler.sample(i, 1, 3).captions()) {
          long[] ids = tokenizer.encode(caption).getIds();
          assertThat(ids).doesNotContain(vocabulary.tokens().indexOf("[UNK]"));
          assertThat(ids[0]).isEqualTo(vocabulary.clsId());
          assertThat(ids[ids.length - 1]).isEqualTo(vocabulary.sepId());
          assertThat(tokenizer.decode(ids, true)).isEqualTo(caption);
          longest = Math.max(longest, ids.length);
        }
      }
      assertThat(longest).isLessThanOrEqualTo(SceneVocabulary.MOST_TOKENS);
      assertThat(tokenizer.encode("a zebra").getTokens())
          .containsExactly("[CLS]", "a", "z", "##e", "##b", "##r", "##a", "[SEP]");
    }
  }

  private static void assertWordsKnown(String text, Set<String> pieces) {
    for (String word : text.split(" ")) {
      boolean known =
          Stream.of("", "s", "es")
              .filter(word::endsWith)
              .map(ending -> word.substring(0, word.length() - ending.length()))
              .anyMatch(pieces::contains);
      assertThat(known).as("'%s' of '%s'", word, text).isTrue();
    }
  }
}
