package io.blipstream.model.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import io.blipstream.model.engine.pytorch.PyTorchOps;
import io.blipstream.model.engine.pytorch.TorchScript;
import io.blipstream.model.libtorch.Libtorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Trains one BLIP by a plan, on one device, and can go on where an earlier run stopped: batches and
 * sampling depend on the step alone.
 *
 * <p>libtorch allows one gradient collector a process, so only one trainer may run at a time.
 */
public final class Trainer implements AutoCloseable {

  /** Told of each step; what it throws ends the training. */
  @FunctionalInterface
  public interface Listener {

    /** After update number {@code step} (from 1) of the plan's steps. */
    void updated(long step, Losses losses) throws IOException;
  }

  private final TrainingPlan plan;
  private final NDManager manager;
  private final TorchScript script;
  private final TrainableParameters parameters;
  private final Optimizer optimizer;
  private final BlipObjective objective;
  private long step;

  /** Starts from random weights. */
  public Trainer(TrainingPlan plan) {
    this.plan = plan;
    manager = Libtorch.engineForTraining().newBaseManager(Device.cpu());
    script = new TorchScript(manager);
    parameters = new TrainableParameters(manager, plan.architecture(), plan.seed());
    optimizer = new Optimizer(manager, script, parameters.all(), plan);
    objective = new BlipObjective(PyTorchOps.forTraining(parameters, script), script, plan);
  }

  /** Goes on from a saved state, if the folder holds one; returns whether it does. */
  public boolean resume(Path folder) throws IOException {
    Path file = folder.resolve(TrainingState.FILE);
    if (!Files.exists(file)) {
      return false;
    }
    step = TrainingState.load(file, parameters, optimizer);
    return true;
  }

  /** Updates done so far. */
  public long step() {
    return step;
  }

  /**
   * Trains until the given number of updates is reached.
   *
   * @throws IllegalStateException if a loss is no longer finite
   */
  public void run(BatchSource batches, long until, Listener listener) throws IOException {
    while (step < Math.min(until, plan.steps())) {
      TrainingBatch batch = batches.batch(step, plan.progress(step));
      Losses losses = update(batch);
      if (!losses.finite()) {
        throw new IllegalStateException(
            "Training diverged at step %d (%s); lower the learning rate.".formatted(step, losses));
      }
      step++;
      listener.updated(step, losses);
    }
  }

  private Losses update(TrainingBatch batch) {
    SplittableRandom random = new SplittableRandom(plan.seed() ^ (step * 0x9E3779B97F4A7C15L));
    try (NDManager scoped = manager.newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      BlipObjective.Scalars losses;
      try (GradientCollector collector = Libtorch.engine().newGradientCollector()) {
        losses = objective.losses(scoped, batch, random);
        collector.backward(losses.total());
      }
      double norm = optimizer.update(plan.warmth(step));
      parameters.clampTemperature();
      return new Losses(
          losses.contrastive().getFloat(),
          losses.matching().getFloat(),
          losses.language().getFloat(),
          norm);
    }
  }

  /** Saves all that {@link #resume} needs. */
  public void save(Path folder) throws IOException {
    TrainingState.save(folder.resolve(TrainingState.FILE), step, parameters, optimizer);
  }

  /** The weights as they are now, for export. */
  public TrainedWeights weights() {
    return new TrainedWeights(plan.architecture(), parameters);
  }

  /** Threads that libtorch computes with, in the whole process. */
  public static void useThreads(int threads) {
    Libtorch.engine(); // loads the native library
    JniUtils.setNumThreads(threads);
  }

  @Override
  public void close() {
    script.close();
    manager.close();
  }
}
