/**
 * BLIP on ONNX Runtime: the network is recorded into ONNX graphs, which are kept beside the
 * checkpoint they were made from.
 */
package io.blipstream.model.engine.onnx;
