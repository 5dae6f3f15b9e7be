package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;

/** Where the PyTorch engine takes the parameters of the network from. */
@FunctionalInterface
public interface Parameters {

  /** The parameter of this name; it is the owner's to close. */
  NDArray get(String name, long... shape);
}
