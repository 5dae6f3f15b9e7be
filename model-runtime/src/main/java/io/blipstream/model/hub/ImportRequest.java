package io.blipstream.model.hub;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be imported and where to.
 *
 * @param source what from
 * @param revision of a repository of the hub; {@code main} if absent
 * @param target the folder that is to be
 * @param tokenizer where tokenizer files are taken from in place of the source's own
 * @param role which of the two to take from a file that holds both
 * @param sha256 what a {@code .pth} file must digest to
 * @param replace whether another checkpoint at the target gives way
 */
public record ImportRequest(
    ImportSource source,
    Optional<String> revision,
    Path target,
    Optional<ImportSource> tokenizer,
    Optional<Architecture> role,
    Optional<String> sha256,
    boolean replace) {

  /** Of a source's newest state, into a folder that is not there yet. */
  public static ImportRequest of(ImportSource source, Path target) {
    return new ImportRequest(
        source,
        Optional.empty(),
        target,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }
}
