/**
 * Runs the network eagerly on DJL's PyTorch engine, on CPU or CUDA: the oracle that other engines
 * are compared with, and what training runs on.
 */
package io.blipstream.model.engine.pytorch;
