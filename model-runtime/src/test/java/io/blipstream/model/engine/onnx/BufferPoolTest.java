package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.OutOfDeviceMemoryException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

  private final BufferPool pool = new BufferPool();

  @Test
  void shouldUseABufferAgainOnceItIsGivenBack() {
    ByteBuffer first = pool.take(100);
    ByteBuffer second = pool.take(100);
    assertThat(second).isNotSameAs(first);

    pool.give(first);
    assertThat(pool.take(80)).isSameAs(first);
  }

  @Test
  void shouldTakeTheSmallestThatFits() {
    ByteBuffer large = pool.take(1000);
    ByteBuffer small = pool.take(100);
    pool.give(large);
    pool.give(small);

    assertThat(pool.take(50)).isSameAs(small);
    assertThat(pool.take(50)).isSameAs(large);
  }

  @Test
  void shouldLetGoOfBuffersThatHaveBeenOutgrown() {
    pool.give(pool.take(100));
    ByteBuffer larger = pool.take(200);
    pool.give(larger);

    assertThat(pool.take(100)).isSameAs(larger);
  }

  @Test
  void shouldSayThatMemoryIsUsedUpAsTheDeviceDoes() {
    BufferPool full =
        new BufferPool(
            bytes -> {
              throw new OutOfMemoryError("Cannot reserve bytes of direct buffer memory");
            });

    assertThatThrownBy(() -> full.take(100))
        .isInstanceOf(OutOfDeviceMemoryException.class)
        .hasMessageContaining("direct memory");
  }
}
