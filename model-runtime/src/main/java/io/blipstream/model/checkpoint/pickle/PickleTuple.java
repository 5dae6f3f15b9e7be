package io.blipstream.model.checkpoint.pickle;

import java.util.List;

/**
 * A Python tuple. Its items may lead back to itself through a list, so they are never compared or
 * printed as a whole.
 */
@SuppressWarnings("ClassCanBeRecord") // A record's equals and toString would follow the items.
public final class PickleTuple {

  private final List<Object> items;

  PickleTuple(List<Object> items) {
    this.items = List.copyOf(items);
  }

  public List<Object> items() {
    return items;
  }
}
