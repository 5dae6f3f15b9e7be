package io.blipstream.model.checkpoint.pickle;

/** A Python function or class that a pickle names; a name only, never looked up. */
public record PickleGlobal(String module, String name) {

  @Override
  public String toString() {
    return module + "." + name;
  }
}
