package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class IntegerProductsTest {

  @Test
  void shouldFindAWeightWhoseProductsAreRight() {
    assertThat(IntegerProducts.areRight(IntegerProducts.largestWeight())).isTrue();
  }

  /** By the processor's own word. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void shouldTakeAWholeByteOnlyWhereTheProcessorAddsProductsIn32Bits() throws IOException {
    String processor = Files.readString(Path.of("/proc/cpuinfo"));
    boolean adds = processor.contains("avx512_vnni") || processor.contains("avx_vnni");

    assertThat(IntegerProducts.largestWeight())
        .isEqualTo(adds ? IntegerProducts.WHOLE_BYTE : IntegerProducts.IN_PAIRS);
  }
}
