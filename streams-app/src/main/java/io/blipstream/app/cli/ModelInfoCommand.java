package io.blipstream.app.cli;

import io.blipstream.model.BundledModel;
import io.blipstream.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code blipstream model info}: what a checkpoint holds and costs. */
@Command(
    name = "info",
    description = {
      "Describe checkpoints: architecture, parameters, operations and memory an image, engine,"
          + " files, digest.",
      "Operations count a multiply-add as two, for a caption of 20 tokens and a text of 35."
    })
final class ModelInfoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Hugging Face folders (default: the bundled captioner and filter).")
  private List<Path> folders = List.of();

  @Mixin private EngineOptions engine;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (Path folder : folders.isEmpty() ? bundled() : folders) {
      try (Checkpoint checkpoint = Checkpoint.open(folder)) {
        ModelProfile profile = ModelProfile.of(checkpoint, engine.plan());
        out.println(json ? profile.json() : profile.table());
      }
    }
    return 0;
  }

  private static List<Path> bundled() throws IOException {
    BundledModel model = BundledModel.unpack();
    return List.of(model.captioner(), model.filter());
  }
}
