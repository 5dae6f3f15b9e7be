package io.blipstream.model.hub;

import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Imports checkpoints into folders of their own.
 *
 * <p>The folder appears by one move at the end, after every file was verified and the checkpoint
 * opened; until then everything stays in a hidden folder beside it, from where a later import goes
 * on.
 */
public final class Importer {

  private static final String MAIN = "main";

  private final HubEnvironment environment;
  private final Retries retries;
  private final Duration silence;
  private final ImportListener listener;

  /**
   * @param silence how long a server may take to connect or to send its next byte
   */
  public Importer(
      HubEnvironment environment, Retries retries, Duration silence, ImportListener listener) {
    this.environment = environment;
    this.retries = retries;
    this.silence = silence;
    this.listener = listener;
  }

  /**
   * Imports a checkpoint; does nothing if the same one is there already.
   *
   * @throws ImportException if it cannot be had, or the target is something else
   * @throws CheckpointException if it is no BLIP that can be run
   */
  public ImportResult run(ImportRequest request) throws IOException {
    requireSensible(request);
    try (Staging staging = Staging.open(request.target());
        WebClient web = new WebClient(environment, silence)) {
      Optional<Provenance> present = Provenance.read(staging.target());
      if (!request.replace()) {
        requireFree(staging.target(), present);
      }
      return new Run(request, staging, web, present).run();
    }
  }

  private static void requireSensible(ImportRequest request) throws ImportException {
    boolean original =
        request.source() instanceof ImportSource.OriginalFile
            || request.source() instanceof ImportSource.OriginalLink;
    if (request.revision().isPresent() && !(request.source() instanceof ImportSource.Hub)) {
      throw wrongUse("--revision is for hf:OWNER/NAME only.");
    }
    if (request.sha256().isPresent() && !original) {
      throw wrongUse("--sha256 is for a .pth file only; the hub states digests itself.");
    }
    if (request.sha256().isPresent() && !request.sha256().get().matches("[0-9a-fA-F]{64}")) {
      throw wrongUse("--sha256 takes 64 hexadecimal digits.");
    }
    if (request.role().isPresent() && !original) {
      throw wrongUse("--as is for a .pth file only; other checkpoints say what they are.");
    }
    Optional<ImportSource> tokenizer = request.tokenizer();
    if (tokenizer.isPresent()
        && !(tokenizer.get() instanceof ImportSource.Hub)
        && !(tokenizer.get() instanceof ImportSource.Folder)) {
      throw wrongUse("--tokenizer takes a folder or hf:OWNER/NAME.");
    }
  }

  /** What is there may be left or replaced, but only if it is a checkpoint. */
  private static void requireFree(Path target, Optional<Provenance> present) throws IOException {
    if (!Files.exists(target) || present.isPresent() || isEmpty(target)) {
      return;
    }
    throw wrongUse(
        "%s is there already and was not imported; choose another folder, or --force to replace it."
            .formatted(target));
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private static ImportException wrongUse(String message) {
    return new ImportException(Kind.WRONG_USE, message);
  }

  /** One import. */
  private final class Run {

    private final ImportRequest request;
    private final Staging staging;
    private final WebClient web;
    private final Optional<Provenance> present;

    Run(ImportRequest request, Staging staging, WebClient web, Optional<Provenance> present) {
      this.request = request;
      this.staging = staging;
      this.web = web;
      this.present = present;
    }

    ImportResult run() throws IOException {
      // A commit never changes, so that what came of it needs no look at the hub.
      if (request.revision().isPresent()) {
        Optional<ImportResult> same = alreadyThere(request.revision().get());
        if (same.isPresent()) {
          return same.get();
        }
      }
      if (request.source() instanceof ImportSource.Hub hub) {
        HubShelf shelf = hubShelf(hub, request.revision().orElse(MAIN), FileSelection.CONFIG);
        return fromShelf(shelf, Optional.of(shelf.commit()), "hf:" + hub.repository());
      }
      if (request.source() instanceof ImportSource.Folder folder) {
        Path path = folder.path().toRealPath();
        if (path.equals(staging.target())) {
          throw wrongUse("%s cannot be imported into itself.".formatted(path));
        }
        return fromShelf(new FolderShelf(path, listener), Optional.empty(), path.toString());
      }
      return fromOriginal();
    }

    private HubShelf hubShelf(ImportSource.Hub hub, String revision, String anchor)
        throws IOException {
      return new HubShelf(
          environment, web, retries, listener, staging.parts(), hub, revision, anchor);
    }

    private ImportResult fromShelf(Shelf shelf, Optional<String> commit, String source)
        throws IOException {
      if (commit.isPresent()) {
        Optional<ImportResult> same = alreadyThere(commit.get());
        if (same.isPresent()) {
          return same.get();
        }
        requireReplaceable();
      }
      boolean ownTokenizer = request.tokenizer().isEmpty();
      List<String> files = FileSelection.checkpoint(shelf, staging.content(), ownTokenizer);
      String version = shelf.version(files);
      if (commit.isEmpty()) {
        Optional<ImportResult> same = alreadyThere(version);
        if (same.isPresent()) {
          return same.get();
        }
        requireReplaceable();
      }
      Set<String> names = new HashSet<>(files);
      if (!ownTokenizer) {
        names.addAll(FileSelection.TOKENIZER);
      }
      staging.keepOnly(names);
      take(shelf, files, staging.content());
      if (!ownTokenizer) {
        takeTokenizer(request.tokenizer().get(), staging.content());
      }
      return finish(shelf.name(), source, version);
    }

    private void take(Shelf shelf, List<String> files, Path folder) throws IOException {
      long bytes = 0;
      for (String file : files) {
        bytes += shelf.size(file).orElse(0);
      }
      staging.requireSpace(bytes);
      for (String file : files) {
        shelf.take(file, folder.resolve(file));
      }
    }

    private void takeTokenizer(ImportSource source, Path folder) throws IOException {
      Shelf shelf =
          source instanceof ImportSource.Hub hub
              ? hubShelf(hub, MAIN, FileSelection.TOKENIZER.get(0))
              : new FolderShelf(((ImportSource.Folder) source).path(), listener);
      List<String> files = FileSelection.tokenizer(shelf);
      for (String file : FileSelection.TOKENIZER) {
        if (files.contains(file)) {
          shelf.take(file, folder.resolve(file));
        } else {
          Files.deleteIfExists(folder.resolve(file)); // of another tokenizer, tried before
        }
      }
    }

    private ImportResult fromOriginal() throws IOException {
      if (present.filter(this::cameOfThisLink).isPresent()) {
        Optional<ImportResult> before = alreadyThere(present.get().version());
        if (before.isPresent()) {
          return before.get();
        }
      }
      OriginalFiles originals = new OriginalFiles(web, retries, listener, staging);
      OriginalFiles.Original original =
          request.source() instanceof ImportSource.OriginalLink link
              ? originals.download(link.uri(), request.sha256().map(Importer::lower))
              : originals.here(
                  ((ImportSource.OriginalFile) request.source()).path(),
                  request.sha256().map(Importer::lower));
      Architecture role = originals.role(original, request.role());
      String version = "sha256:" + original.sha256() + " as " + lower(role.name());
      Optional<ImportResult> same = alreadyThere(version);
      if (same.isPresent()) {
        staging.discard();
        return same.get();
      }
      requireReplaceable();
      Path tokenizer = staging.room("tokenizer");
      takeTokenizer(request.tokenizer().orElse(ImportSource.BERT_TOKENIZER), tokenizer);
      originals.convert(original, role, tokenizer);
      return finish(original.shown(), original.shown(), version);
    }

    /** Without fetching a gigabyte again; what a link leads to is taken not to change. */
    private boolean cameOfThisLink(Provenance known) {
      if (!(request.source() instanceof ImportSource.OriginalLink link)) {
        return false;
      }
      String role = request.role().map(wanted -> lower(wanted.name())).orElse("");
      String digest = request.sha256().map(Importer::lower).orElse("");
      return known.source().equals(WebAddress.shown(link.uri()))
          && known.version().startsWith("sha256:" + digest)
          && known.version().endsWith(role);
    }

    private Optional<ImportResult> alreadyThere(String version) throws IOException {
      if (present.isEmpty() || !present.get().version().equals(version) || request.replace()) {
        return Optional.empty();
      }
      Optional<String> changed = present.get().firstChanged(staging.target());
      if (changed.isPresent()) {
        throw wrongUse(
            "%s was imported before, but its %s has changed since; --force imports it anew."
                .formatted(staging.target(), changed.get()));
      }
      staging.discard();
      return Optional.of(new ImportResult(staging.target(), present.get(), true));
    }

    /** Something else is there: it gives way only if that was asked for, and is a checkpoint. */
    private void requireReplaceable() throws IOException {
      Path target = staging.target();
      if (!Files.exists(target) || isEmpty(target)) {
        return;
      }
      if (!request.replace()) {
        Provenance other = present.orElseThrow();
        throw wrongUse(
            "%s holds %s at %s; choose another folder, or --force to replace it."
                .formatted(target, other.source(), other.version()));
      }
      List<Path> strangers = new ArrayList<>();
      try (Stream<Path> files = Files.list(target)) {
        files.filter(Files::isDirectory).forEach(strangers::add);
      }
      if (!Files.isRegularFile(target.resolve(FileSelection.CONFIG)) || !strangers.isEmpty()) {
        throw wrongUse(
            "%s holds more than a checkpoint, so that --force does not replace it; choose another."
                .formatted(target));
      }
    }

    private ImportResult finish(String shown, String source, String version) throws IOException {
      Path content = staging.content();
      listener.step("checking the weights");
      try {
        CheckpointCheck.require(content, shown);
      } catch (CheckpointException e) {
        staging.discard();
        throw e;
      }
      Files.deleteIfExists(content.resolve(Provenance.FILE));
      Provenance provenance =
          Provenance.of(content, source, request.revision().orElse(""), version);
      provenance.write(content);
      staging.publish();
      return new ImportResult(staging.target(), provenance, false);
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
