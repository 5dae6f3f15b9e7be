package io.blipstream.model.checkpoint.pickle;

import java.util.List;

/** What a pickle may name besides plain values: decided by whoever knows the file's purpose. */
public interface PickleObjects {

  /** Whether a pickle may name this function or class; all others are refused by name. */
  boolean knows(PickleGlobal global);

  /**
   * The value that a call of a known global stands for.
   *
   * @throws PickleException if the arguments make no sense
   */
  Object call(PickleGlobal function, List<Object> arguments) throws PickleException;

  /**
   * The value that a persistent id stands for, which is how pickles refer to data beside them.
   *
   * @throws PickleException if the id makes no sense
   */
  Object persistent(Object id) throws PickleException;
}
