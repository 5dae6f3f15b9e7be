package io.blipstream.model.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.InferenceException;
import io.blipstream.model.OutOfDeviceMemoryException;
import io.blipstream.model.libtorch.Libtorch;
import org.junit.jupiter.api.Test;

class ComputationTest {

  /** 256 TiB: more than any address space gives, so nothing is really taken. */
  private static final Shape TOO_LARGE = new Shape(1L << 46);

  @Test
  void shouldSayThatMemoryIsShortWhenLibtorchFindsNone() {
    try (NDManager manager = Libtorch.engine().newBaseManager()) {
      assertThatThrownBy(() -> Computation.run("drawing zeros", () -> manager.zeros(TOO_LARGE)))
          .isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageStartingWith("libtorch failed while drawing zeros: ")
          .message()
          .hasLineCount(1);
    }
  }

  @Test
  void shouldSayThatMemoryIsShortWhenJavaFindsNone() {
    assertThatThrownBy(
            () ->
                Computation.run(
                    "copying pixels",
                    () -> {
                      throw new OutOfMemoryError("Cannot reserve 9 bytes of direct buffer memory");
                    }))
        .isInstanceOf(OutOfDeviceMemoryException.class)
        .hasMessageContaining("copying pixels: Cannot reserve 9 bytes");
  }

  @Test
  void shouldNotCallAnotherFailureShortOfMemory() {
    try (NDManager manager = Libtorch.engine().newBaseManager()) {
      assertThatThrownBy(
              () ->
                  Computation.run(
                      "adding", () -> manager.zeros(new Shape(2)).add(manager.zeros(new Shape(3)))))
          .isExactlyInstanceOf(InferenceException.class);
    }
  }
}
