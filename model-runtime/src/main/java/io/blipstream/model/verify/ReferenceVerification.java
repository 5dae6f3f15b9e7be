package io.blipstream.model.verify;

import io.blipstream.model.engine.BlipEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Everything that a reference folder states, computed and compared.
 *
 * <p>The folder holds any of {@code captioner/}, {@code filter/} and {@code resize/}: checkpoints
 * with tensors that Hugging Face transformers took and gave ({@code reference.safetensors}), with
 * texts that it generated ({@code reference.json}), and images that Pillow resized ({@code
 * cases.json}). All dimensions are read from the files. Numbers must agree within 1e-4 of the
 * largest expected one, token ids and bytes exactly.
 */
public final class ReferenceVerification {

  private static final String CAPTIONER = "captioner";
  private static final String FILTER = "filter";
  private static final String RESIZE = "resize";

  /** Whoever puts a reference somewhere expects it to be checked. */
  private static final Map<String, Set<String>> FILES =
      Map.of(
          CAPTIONER,
          Set.of(CaptionerChecks.CASES, ReferenceTensors.FILE),
          FILTER,
          Set.of(ReferenceTensors.FILE),
          RESIZE,
          Set.of(ResizeChecks.FILE));

  private final BlipEngine engine;

  /**
   * @param engine computes; stays open
   */
  public ReferenceVerification(BlipEngine engine) {
    this.engine = engine;
  }

  /**
   * Checks a folder.
   *
   * @param results is given each check's result as soon as it is known
   * @throws ReferenceException if the folder holds no reference
   */
  public void run(Path folder, Consumer<CheckResult> results) throws IOException {
    requireReference(folder);
    if (Files.isDirectory(folder.resolve(CAPTIONER))) {
      PartChecks checks = new PartChecks(CAPTIONER, results);
      Path part = folder.resolve(CAPTIONER);
      checks.require("the whole folder", () -> new CaptionerChecks(part, engine, checks).run());
    }
    if (Files.isDirectory(folder.resolve(FILTER))) {
      PartChecks checks = new PartChecks(FILTER, results);
      Path part = folder.resolve(FILTER);
      checks.require("the whole folder", () -> new FilterChecks(part, engine, checks).run());
    }
    if (Files.isDirectory(folder.resolve(RESIZE))) {
      PartChecks checks = new PartChecks(RESIZE, results);
      Path part = folder.resolve(RESIZE);
      checks.require("the whole folder", () -> new ResizeChecks(part, checks).run());
    }
    failOverlooked(folder, results);
  }

  /**
   * Requires that there is something to check.
   *
   * @throws ReferenceException if not
   */
  public static void requireReference(Path folder) throws ReferenceException {
    if (!Files.isDirectory(folder)) {
      throw new ReferenceException(folder + " is no folder; name the folder of a reference.");
    }
    if (FILES.keySet().stream().noneMatch(part -> Files.isDirectory(folder.resolve(part)))) {
      throw new ReferenceException(
          "%s holds none of the folders captioner, filter and resize; name the folder of a reference."
              .formatted(folder));
    }
  }

  /** Fails a check for each reference file that lies where none is looked for. */
  private static void failOverlooked(Path folder, Consumer<CheckResult> results)
      throws IOException {
    for (Path part : entries(folder)) {
      String name = String.valueOf(part.getFileName());
      Set<String> known = FILES.getOrDefault(name, Set.of());
      PartChecks checks = new PartChecks(name, results);
      for (Path file : Files.isDirectory(part) ? entries(part) : List.<Path>of()) {
        String fileName = String.valueOf(file.getFileName());
        boolean states = FILES.values().stream().anyMatch(files -> files.contains(fileName));
        if (states && !known.contains(fileName)) {
          checks.fail(fileName, "this file is not looked at here");
        }
      }
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
