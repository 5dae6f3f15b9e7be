package io.blipstream.app.batching;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A device that squares integers, with poison, little memory, passing faults and death at will. */
final class ScriptedDevice implements BatchFunction<Integer, Long> {

  final Set<Integer> poison = new HashSet<>();
  final List<Integer> calls = new ArrayList<>();
  volatile int fits = Integer.MAX_VALUE;
  int passingFaults;
  volatile boolean dead;
  volatile boolean knowsMemory = true;
  volatile boolean knowsProbe = true;
  volatile boolean badProbe;
  int probes;

  @Override
  public List<Long> apply(List<Integer> batch) {
    calls.add(batch.size());
    if (dead) {
      throw new IllegalStateException("dead");
    }
    if (passingFaults > 0) {
      passingFaults--;
      throw new IllegalStateException("passing");
    }
    if (batch.size() > fits) {
      throw new OutOfMemoryError("no room for " + batch.size());
    }
    if (batch.stream().anyMatch(poison::contains)) {
      throw new IllegalStateException("poison");
    }
    badProbe = false; // The next probe would be what was just computed.
    return batch.stream().map(i -> (long) i * i).toList();
  }

  @Override
  public boolean isOutOfMemory(Throwable failure) {
    return knowsMemory && failure instanceof OutOfMemoryError;
  }

  @Override
  public void probe() {
    probes++;
    if (badProbe || (knowsProbe && dead)) {
      throw new IllegalStateException("dead");
    }
  }
}
