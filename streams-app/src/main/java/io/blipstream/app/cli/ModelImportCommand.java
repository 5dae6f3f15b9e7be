package io.blipstream.app.cli;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.hub.HubEnvironment;
import io.blipstream.model.hub.ImportException;
import io.blipstream.model.hub.ImportRequest;
import io.blipstream.model.hub.ImportResult;
import io.blipstream.model.hub.ImportSource;
import io.blipstream.model.hub.Importer;
import io.blipstream.model.hub.Retries;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code blipstream model import}: brings a checkpoint into a folder of its own. */
@Command(
    name = "import",
    description = {
      "Import a checkpoint into a folder of its own, for --captioner or --filter.",
      "An import that was interrupted goes on where it stopped when it is run again. Also read are"
          + " HF_ENDPOINT, HF_TOKEN, HF_HOME, HTTPS_PROXY and NO_PROXY."
    })
final class ModelImportCommand implements Callable<Integer> {

  private static final Duration SILENCE = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SOURCE",
      description =
          "hf:OWNER/NAME, such as hf:Salesforce/blip-image-captioning-base; a folder in Hugging"
              + " Face's layout; a .pth file of the original repository, or a link to one.")
  private String source;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Folder that is to be; it appears when everything is verified.")
  private Path folder;

  @Option(
      names = "--revision",
      paramLabel = "R",
      description =
          "Branch, tag, commit or refs/pr/N of the repository (default: main). Later imports of"
              + " the same commit have nothing to do.")
  private String revision;

  @Option(
      names = "--tokenizer",
      paramLabel = "SOURCE",
      description =
          "Folder or hf:OWNER/NAME to take the tokenizer from in place of the source's own (for a"
              + " .pth file, which has none, hf:google-bert/bert-base-uncased if left out).")
  private String tokenizer;

  @Option(
      names = "--as",
      paramLabel = "ROLE",
      description = "captioner or filter: which to take from a .pth file that holds both.")
  private Architecture role;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description = "What a .pth file must digest to; without it a link is taken as it comes.")
  private String sha256;

  @Option(names = "--force", description = "Replace another checkpoint that is there.")
  private boolean force;

  private final Map<String, String> environment;

  ModelImportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    ImportResult result;
    try (ImportDisplay display = new ImportDisplay(spec.commandLine().getErr())) {
      result =
          new Importer(HubEnvironment.from(environment), Retries.DEFAULT, SILENCE, display)
              .run(request());
    } catch (ImportException e) {
      throw new CommandFailure(status(e.kind()), e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s %s at %s in %s%n",
            result.alreadyThere() ? "already there:" : "imported",
            result.provenance().source(),
            result.provenance().version(),
            folder);
    return ExitStatus.DONE.code();
  }

  private ImportRequest request() throws ImportException {
    return new ImportRequest(
        ImportSource.parse(source),
        Optional.ofNullable(revision),
        folder,
        tokenizer == null ? Optional.empty() : Optional.of(ImportSource.parse(tokenizer)),
        Optional.ofNullable(role),
        Optional.ofNullable(sha256),
        force);
  }

  private static ExitStatus status(ImportException.Kind kind) {
    return switch (kind) {
      case UNREACHABLE -> ExitStatus.MISSING;
      case WRONG_USE -> ExitStatus.WRONG_USE;
      case NOT_FOUND, ACCESS, DAMAGED, LOCAL -> ExitStatus.FAILED;
    };
  }
}
