package io.blipstream.model.hub;

import java.nio.file.Path;

/**
 * How an import ended.
 *
 * @param folder with the checkpoint
 * @param provenance where it came from
 * @param alreadyThere whether it had been imported before, so that nothing was to be done
 */
public record ImportResult(Path folder, Provenance provenance, boolean alreadyThere) {}
