package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.model.BlipEngines;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.verify.CheckResult;
import io.blipstream.model.verify.ReferenceVerification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code blipstream model verify}: a reference's numbers, recomputed here. */
@Command(
    name = "verify",
    description = {
      "Recompute what a reference states and print the largest differences, a check a line.",
      "A reference has folders captioner, filter or resize: checkpoints with inputs and outputs of"
          + " Hugging Face transformers, and images that Pillow resized.",
      "Fails if a number differs by more than 1e-4 of the largest expected one, or a token id or"
          + " a byte at all."
    })
final class ModelVerifyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder of the reference.")
  private Path folder;

  @Mixin private EngineOptions engine;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  private int passed;
  private int failed;

  @Override
  public Integer call() throws IOException {
    return ModelRuns.endedAtExit(this::verify);
  }

  private int verify() throws IOException {
    // Before the engine takes its second to start.
    ReferenceVerification.requireReference(folder);
    try (BlipEngine started = BlipEngines.start(engine.exactPlan(), new PreparationDisplay())) {
      new ReferenceVerification(started).run(folder, this::report);
    }
    total();
    return (failed == 0 ? ExitStatus.DONE : ExitStatus.FAILED).code();
  }

  private void report(CheckResult result) {
    if (result.ok()) {
      passed++;
    } else {
      failed++;
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode node = new JsonMapper().createObjectNode();
      node.put("part", result.part());
      node.put("check", result.name());
      node.put("ok", result.ok());
      result.difference().ifPresent(difference -> node.put("difference", difference));
      if (!result.detail().isEmpty()) {
        node.put("detail", result.detail());
      }
      out.println(node);
    } else {
      out.printf(
          "%-6s  %8s  %-9s  %s%s%n",
          result.ok() ? "ok" : "FAILED",
          difference(result),
          result.part(),
          result.name(),
          result.detail().isEmpty() ? "" : " (" + result.detail() + ")");
    }
    out.flush();
  }

  private static String difference(CheckResult result) {
    if (result.difference().isPresent()) {
      return String.format(Locale.ROOT, "%.1e", result.difference().getAsDouble());
    }
    return result.ok() ? "equal" : "-";
  }

  private void total() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode node = new JsonMapper().createObjectNode();
      node.put("checks", passed + failed);
      node.put("passed", passed);
      node.put("failed", failed);
      out.println(node);
    } else {
      out.printf(Locale.ROOT, "%d checks: %d ok, %d failed%n", passed + failed, passed, failed);
    }
    out.flush();
  }
}
