package io.blipstream.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.InferenceException;
import io.blipstream.model.OutOfDeviceMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the texts that libtorch, CUDA, ONNX Runtime and the JDK really print. */
class EngineFailuresTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 132426121216 bytes. Error code 12 (Cannot allocate memory)",
        "[enforce fail at CPUAllocator.cpp:64] . DefaultCPUAllocator: can't allocate memory: you"
            + " tried to allocate 1178729664 bytes. Error code 12 (Cannot allocate memory)",
        "[enforce fail at CPUAllocator.cpp:56] posix_memalign(&data, gAlignment, nbytes) == 0. 12"
            + " vs 0",
        "[enforce fail at alloc_cpu.cpp:81] data. DefaultCPUAllocator: not enough memory: you tried"
            + " to allocate 1981808640 bytes.",
        "CUDA out of memory. Tried to allocate 258.00 MiB. GPU 0 has a total capacity of 23.54 GiB"
            + " of which 572.50 MiB is free.",
        "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 5.80 GiB total capacity; 4.36 GiB"
            + " already allocated; 6.69 MiB free; 4.63 GiB reserved in total by PyTorch)",
        "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "Error code - ORT_RUNTIME_EXCEPTION - message: Non-zero status code returned while running"
            + " Conv node. Name:'/fc1/Conv' Status Message: bfc_arena.cc:376 void*"
            + " onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed to allocate memory"
            + " for requested buffer of size 939524096",
        "CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size);",
        "std::bad_alloc"
      })
  void shouldKnowOutOfMemoryByWhatTheEnginesSay(String message) {
    assertThat(EngineFailures.of("libtorch failed", new IllegalStateException(message)))
        .isInstanceOf(OutOfDeviceMemoryException.class)
        .hasMessage("libtorch failed: " + message.lines().findFirst().orElseThrow());
    assertThat(
            EngineFailures.of(
                "libtorch failed",
                new IllegalStateException("wrapped", new IllegalStateException(message))))
        .isInstanceOf(OutOfDeviceMemoryException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA error: an illegal memory access was encountered",
        "CUDA error: device-side assert triggered",
        "The size of tensor a (577) must match the size of tensor b (576) at non-singleton"
            + " dimension 1",
        "expected scalar type Float but found Half",
        "Address already in use"
      })
  void shouldNotTakeOtherFailuresForIt(String message) {
    assertThat(EngineFailures.of("libtorch failed", new IllegalStateException(message)))
        .isExactlyInstanceOf(InferenceException.class)
        .isNotInstanceOf(OutOfDeviceMemoryException.class);
  }

  @Test
  void shouldBearAFailureWithoutWords() {
    assertThat(EngineFailures.of("libtorch failed", new IllegalStateException()))
        .isExactlyInstanceOf(InferenceException.class)
        .hasMessage("libtorch failed: no reason given");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot reserve 402653184 bytes of direct buffer memory (allocated: 251658240, limit:"
            + " 536870912)",
        "Direct buffer memory",
        "Java heap space"
      })
  void shouldTakeJavasOwnLackOfMemoryForTheSame(String message) {
    assertThat(EngineFailures.of("libtorch failed", new OutOfMemoryError(message)))
        .isInstanceOf(OutOfDeviceMemoryException.class)
        .hasMessageContaining(message);
  }
}
