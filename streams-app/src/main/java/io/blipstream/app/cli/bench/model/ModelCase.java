package io.blipstream.app.cli.bench.model;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.EngineKind;
import io.blipstream.model.EnginePlan;
import io.blipstream.model.EngineRequest;
import io.blipstream.model.NumericPrecision;
import java.util.Optional;

/**
 * What one JVM is to measure.
 *
 * @param stage of CapFilt
 * @param captioner checkpoint folder
 * @param filter checkpoint folder
 * @param images folder of image files, taken in turn to fill a batch
 * @param text the web text of every image
 * @param tokens that every caption has after its start token
 * @param engine that computes
 * @param device to compute on
 * @param precision to compute in
 * @param threads cores to use on a CPU
 * @param batch images
 * @param seconds to measure, warm-up apart
 * @param repeats of the batch at least, however long they take
 */
public record ModelCase(
    ModelStage stage,
    String captioner,
    String filter,
    String images,
    String text,
    int tokens,
    EngineKind engine,
    ComputeDevice device,
    NumericPrecision precision,
    int threads,
    int batch,
    double seconds,
    int repeats) {

  EnginePlan plan() {
    return new EnginePlan(engine, device, precision, threads, "as asked for");
  }

  EngineRequest request() {
    return new EngineRequest(
        Optional.of(engine), Optional.of(device), Optional.of(precision), threads);
  }
}
