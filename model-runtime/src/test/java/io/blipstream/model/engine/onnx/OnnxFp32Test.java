package io.blipstream.model.engine.onnx;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.BlipEngineContract;

/** ONNX Runtime in 32 bits. */
class OnnxFp32Test extends BlipEngineContract {

  @Override
  protected BlipEngine start(int threads) {
    return OnnxEngine.start(
        ComputeDevice.CPU, NumericPrecision.FP32, threads, PreparationListener.NONE);
  }
}
