package io.blipstream.model.engine.onnx;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.BlipEngineContract;

/** ONNX Runtime in 8 bits: what comes of an image or a text depends on no other of its batch. */
class OnnxInt8Test extends BlipEngineContract {

  @Override
  protected BlipEngine start(int threads) {
    return OnnxEngine.start(
        ComputeDevice.CPU, NumericPrecision.INT8, threads, PreparationListener.NONE);
  }
}
