package io.blipstream.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Against the original's function. */
class CaptionCleaningTest {

  @Test
  void shouldCleanAsTheOriginal() {
    assertThat(CaptionCleaning.clean("A Red BALL!")).isEqualTo("a red ball");
    assertThat(CaptionCleaning.clean("  Two  dogs: (one brown); #cute ~ "))
        .isEqualTo("two dogs one brown cute");
    assertThat(CaptionCleaning.clean("It's a \"cat\", really...\n"))
        .isEqualTo("it's a cat , really");
    assertThat(CaptionCleaning.clean("")).isEmpty();
    assertThat(CaptionCleaning.clean("...")).isEmpty();
    assertThat(CaptionCleaning.clean("tab\tone\nline")).isEqualTo("tab\tone\nline");
    assertThat(CaptionCleaning.clean("\u00c9CLAIR\u00a0\u00a0x")).isEqualTo("\u00e9clair x");
    assertThat(CaptionCleaning.clean("a-b/c?d,e")).isEqualTo("a-b/c?d,e");
  }
}
