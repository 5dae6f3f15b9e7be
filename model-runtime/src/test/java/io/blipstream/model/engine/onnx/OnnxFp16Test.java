package io.blipstream.model.engine.onnx;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.BlipEngineContract;

/** ONNX Runtime in 16 bits, which a CPU computes slowly: here for the form of the graphs. */
class OnnxFp16Test extends BlipEngineContract {

  @Override
  protected BlipEngine start(int threads) {
    return OnnxEngine.start(
        ComputeDevice.CPU, NumericPrecision.FP16, threads, PreparationListener.NONE);
  }
}
