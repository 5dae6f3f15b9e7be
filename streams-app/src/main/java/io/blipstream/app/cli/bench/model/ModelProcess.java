package io.blipstream.app.cli.bench.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.libtorch.MatrixProducts;
import java.io.IOException;
import java.util.List;

/**
 * What runs in the JVM of one case: its arguments are the case's kind and the case as JSON, its
 * last line of output the result as JSON.
 */
final class ModelProcess {

  private static final JsonMapper JSON = new JsonMapper();

  private ModelProcess() {}

  /** What the machine could reach, for this number of threads. */
  record Ceiling(int threads, double seconds, int repeats) {}

  public static void main(String[] arguments) throws Exception {
    ModelResult result =
        arguments[0].equals(Ceiling.class.getSimpleName())
            ? run(JSON.readValue(arguments[1], Ceiling.class))
            : run(JSON.readValue(arguments[1], ModelCase.class));
    System.out.println(JSON.writeValueAsString(result));
    System.out.flush();
    // Native threads of an engine would keep the JVM for a while.
    System.exit(0);
  }

  private static ModelResult run(ModelCase given) throws Exception {
    try (StageWork work = StageWork.open(given)) {
      Repeats repeats = Repeats.of(work::run, given.seconds(), given.repeats());
      return result(work.engine(), work.flops(), repeats);
    }
  }

  private static ModelResult run(Ceiling given) throws Exception {
    try (MatrixProducts products = new MatrixProducts(given.threads())) {
      Repeats repeats = Repeats.of(products::run, given.seconds(), given.repeats());
      return result("libtorch fp32 matrix products", products.flops(), repeats);
    }
  }

  private static ModelResult result(String engine, double flops, Repeats repeats) throws Exception {
    return new ModelResult(engine, flops, repeats.seconds(), repeats.cpuSeconds(), Resident.peak());
  }

  static List<String> arguments(Record given) throws IOException {
    return List.of(given.getClass().getSimpleName(), JSON.writeValueAsString(given));
  }
}
