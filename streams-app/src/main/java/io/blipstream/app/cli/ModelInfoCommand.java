package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.model.BundledModel;
import io.blipstream.model.checkpoint.BlipParameters;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.network.FlopCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code blipstream model info}: what a checkpoint holds and costs. */
@Command(
    name = "info",
    description = {
      "Describe checkpoints: architecture, parameters, operations an image, digest.",
      "Operations count a multiply-add as two, for a caption of 20 tokens and a text of 35."
    })
final class ModelInfoCommand implements Callable<Integer> {

  private static final int CAPTION_TOKENS = 20;
  private static final int TEXT_TOKENS = 35;
  private static final double GIGA = 1e9;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Hugging Face folders (default: the bundled captioner and filter).")
  private List<Path> folders = List.of();

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (Path folder : folders.isEmpty() ? bundled() : folders) {
      try (Checkpoint checkpoint = Checkpoint.open(folder)) {
        ObjectNode info = describe(checkpoint);
        if (json) {
          out.println(info);
        } else {
          info.properties()
              .forEach(field -> out.printf("%-26s%s%n", field.getKey(), field.getValue()));
          out.println();
        }
      }
    }
    return 0;
  }

  private static List<Path> bundled() throws IOException {
    BundledModel model = BundledModel.unpack();
    return List.of(model.captioner(), model.filter());
  }

  private static ObjectNode describe(Checkpoint checkpoint) throws IOException {
    JsonMapper mapper = new JsonMapper();
    ObjectNode info = mapper.createObjectNode();
    FlopCount flops = new FlopCount(checkpoint.config());
    info.put("name", checkpoint.name());
    info.put("role", checkpoint.isFilter() ? "filter" : "captioner");
    info.set("vision", mapper.valueToTree(checkpoint.config().vision()));
    info.set("text", mapper.valueToTree(checkpoint.config().text()));
    info.put("parameters", parameters(checkpoint));
    info.put("gigaflopVision", flops.vision() / GIGA);
    if (checkpoint.isFilter()) {
      info.put("gigaflopMatch", flops.match(TEXT_TOKENS) / GIGA);
    } else {
      info.put("gigaflopCaption", flops.caption(CAPTION_TOKENS) / GIGA);
    }
    info.put("sha256", checkpoint.sha256());
    return info;
  }

  /** Of tied weights, one of each pair. */
  private static long parameters(Checkpoint checkpoint) {
    Map<String, long[]> shapes =
        checkpoint.isFilter()
            ? BlipParameters.filter(checkpoint.config())
            : BlipParameters.captioner(checkpoint.config());
    return shapes.entrySet().stream()
        .filter(entry -> !entry.getKey().contains(".predictions.decoder."))
        .mapToLong(entry -> Arrays.stream(entry.getValue()).reduce(1, (a, b) -> a * b))
        .sum();
  }
}
