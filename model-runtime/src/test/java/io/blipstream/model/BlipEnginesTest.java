package io.blipstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlipEnginesTest {

  private static final NativeRuntimes PLAIN = new NativeRuntimes(Optional.empty(), false, false);
  private static final NativeRuntimes NO_ONNX =
      new NativeRuntimes(Optional.of("no library for s390x"), false, false);
  private static final NativeRuntimes TORCH_CUDA =
      new NativeRuntimes(Optional.empty(), false, true);
  private static final NativeRuntimes ONNX_CUDA = new NativeRuntimes(Optional.empty(), true, false);

  @Test
  void shouldTakeOnnxInEightBitsOnAPlainCpu() {
    EnginePlan plan = BlipEngines.plan(EngineRequest.any(), PLAIN);

    assertThat(plan.description()).isEqualTo("onnx cpu int8");
    assertThat(plan.reason()).isEqualTo("no libraries for CUDA are there");
  }

  @Test
  void shouldTakeLibtorchWhereOnnxRuntimeIsMissingAndSayWhy() {
    EnginePlan plan = BlipEngines.plan(EngineRequest.any(), NO_ONNX);

    assertThat(plan.description()).isEqualTo("pytorch cpu fp32");
    assertThat(plan.reason()).contains("no library for s390x");
  }

  @Test
  void shouldTakeAGpuThatLibrariesAreThereFor() {
    assertThat(BlipEngines.plan(EngineRequest.any(), TORCH_CUDA).description())
        .isEqualTo("pytorch gpu fp32");
    assertThat(BlipEngines.plan(EngineRequest.any(), ONNX_CUDA).description())
        .isEqualTo("onnx gpu fp16");
    assertThat(BlipEngines.plan(request("ONNX", "", ""), TORCH_CUDA).description())
        .isEqualTo("onnx cpu int8");
  }

  @ParameterizedTest
  @CsvSource({
    "ONNX,'','',onnx cpu int8",
    "ONNX,CPU,FP32,onnx cpu fp32",
    "'',CPU,FP32,onnx cpu fp32",
    "PYTORCH,'','',pytorch cpu fp32",
    "'',TENSORRT,'',onnx tensorrt fp16",
    "ONNX,GPU,FP32,onnx gpu fp32",
  })
  void shouldKeepToWhatIsAskedFor(String kind, String device, String precision, String expected) {
    assertThat(BlipEngines.plan(request(kind, device, precision), PLAIN).description())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "PYTORCH,TENSORRT,'',onnx engine only",
    "PYTORCH,CPU,INT8,fp32 only",
    "ONNX,GPU,INT8,int8 is for the CPU",
  })
  void shouldRefuseWhatNoEngineDoes(String kind, String device, String precision, String reason) {
    assertThatThrownBy(() -> BlipEngines.plan(request(kind, device, precision), PLAIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void shouldSayWhatToDoWhereTheRuntimeWasBuiltWithoutCuda() {
    EnginePlan plan = BlipEngines.plan(request("ONNX", "GPU", ""), PLAIN);

    assertThatThrownBy(() -> BlipEngines.start(plan, PreparationListener.NONE))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("built without CUDA")
        .hasMessageContaining("onnxruntime.native.path");
  }

  private static EngineRequest request(String kind, String device, String precision) {
    return new EngineRequest(
        kind.isEmpty() ? Optional.empty() : Optional.of(EngineKind.valueOf(kind)),
        device.isEmpty() ? Optional.empty() : Optional.of(ComputeDevice.valueOf(device)),
        precision.isEmpty() ? Optional.empty() : Optional.of(NumericPrecision.valueOf(precision)),
        0);
  }
}
