package io.blipstream.app.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PictureCacheTest {

  private final PictureCache cache = new PictureCache(100);

  @Test
  void shouldKeepTheNewestWithinItsBytes() {
    for (int i = 0; i < 50; i++) {
      cache.put("picture-" + i, new byte[30]);
      assertThat(cache.sizeInBytes()).isLessThanOrEqualTo(100);
    }
    assertThat(cache.get("picture-49")).isPresent();
    assertThat(cache.has("picture-47")).isTrue();
    assertThat(cache.has("picture-46")).isFalse();
  }

  @Test
  void shouldCountAPictureThatComesAgainOnce() {
    cache.put("a", new byte[60]);
    cache.put("b", new byte[30]);
    cache.put("a", new byte[50]);
    assertThat(cache.sizeInBytes()).isEqualTo(80);
    assertThat(cache.has("b")).isTrue();
  }

  @Test
  void shouldNotKeepWhatIsLargerThanAllOfIt() {
    cache.put("small", new byte[60]);
    cache.put("huge", new byte[101]);
    assertThat(cache.has("huge")).isFalse();
    assertThat(cache.has("small")).isTrue();
  }
}
