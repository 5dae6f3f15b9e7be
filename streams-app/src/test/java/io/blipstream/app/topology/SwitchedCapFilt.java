package io.blipstream.app.topology;

import io.blipstream.model.CapFiltInput;
import io.blipstream.model.InferenceException;
import io.blipstream.model.Judgement;
import java.util.List;

/** A scripted model that a test lets hang or die, and live again. */
final class SwitchedCapFilt extends ScriptedCapFilt {

  enum Mode {
    WELL,
    HANGING,
    DEAD
  }

  private final Object lock = new Object();
  private Mode mode = Mode.WELL;
  private int until = Integer.MAX_VALUE;
  private Mode next = Mode.WELL;

  /** After so many images more. */
  void becomeAfter(int images, Mode then) {
    synchronized (lock) {
      until = images;
      next = then;
    }
  }

  void become(Mode now) {
    synchronized (lock) {
      until = Integer.MAX_VALUE;
      mode = now;
      lock.notifyAll();
    }
  }

  @Override
  public List<Judgement> judge(List<CapFiltInput> batch) {
    synchronized (lock) {
      if (until < batch.size()) {
        mode = next;
      }
      awaitModeOtherThanHanging();
      if (mode == Mode.DEAD) {
        throw new InferenceException("the device is gone");
      }
      until -= batch.size();
    }
    return super.judge(batch);
  }

  /** Deaf to interrupts, as native code is. */
  private void awaitModeOtherThanHanging() {
    boolean interrupted = false;
    while (mode == Mode.HANGING) {
      try {
        lock.wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
