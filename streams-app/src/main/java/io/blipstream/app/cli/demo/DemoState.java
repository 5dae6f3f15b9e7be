package io.blipstream.app.cli.demo;

import io.blipstream.app.cli.CommandFailure;
import io.blipstream.app.cli.ExitStatus;
import io.blipstream.app.cli.WorkFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder of a demo: topics, schemas and the identity of the stream, for one seed. */
public final class DemoState implements AutoCloseable {

  private final WorkFolder work;
  private final Path folder;

  private DemoState(WorkFolder work) {
    this.work = work;
    this.folder = work.path();
  }

  /**
   * Opens a folder, or makes it.
   *
   * @param folder null for a temporary one
   * @throws CommandFailure if the folder is of another seed
   */
  public static DemoState open(Path folder, long seed) throws IOException {
    WorkFolder work = WorkFolder.open(Optional.ofNullable(folder), "blipstream-demo-");
    if (folder == null) {
      return new DemoState(work);
    }
    Path note = folder.resolve("seed");
    if (Files.exists(note)) {
      String kept = Files.readString(note, StandardCharsets.UTF_8).strip();
      if (!kept.equals(Long.toString(seed))) {
        throw new CommandFailure(
            ExitStatus.WRONG_USE,
            "The folder %s holds a demo of seed %s; go on with --seed %s, or take another folder."
                .formatted(folder, kept, kept));
      }
    }
    Files.writeString(note, seed + "\n");
    return new DemoState(work);
  }

  public Path kafka() {
    return folder.resolve("kafka");
  }

  public Path registry() {
    return folder.resolve("registry");
  }

  public Path streams() {
    return folder.resolve("streams");
  }

  /** Deletes the folder if it is a temporary one. */
  @Override
  public void close() throws IOException {
    work.close();
  }
}
