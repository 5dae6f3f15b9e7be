package io.blipstream.model.hub;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.OriginalCheckpoint;
import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code .pth} files of the original repository, here or on a server, turned into a folder. */
final class OriginalFiles {

  private static final String DOWNLOADED = "original.pth";

  private final WebClient web;
  private final Retries retries;
  private final ImportListener listener;
  private final Staging staging;

  OriginalFiles(WebClient web, Retries retries, ImportListener listener, Staging staging) {
    this.web = web;
    this.retries = retries;
    this.listener = listener;
    this.staging = staging;
  }

  /**
   * A file that is here.
   *
   * @param shown how messages and the provenance call it
   */
  record Original(Path file, String shown, String sha256) {}

  Original here(Path file, Optional<String> sha256) throws IOException {
    staging.requireSpace(Files.size(file));
    return verified(file, file.toString(), sha256);
  }

  /** Such servers state a size at best, so that only a digest that a person knows is proof. */
  Original download(URI uri, Optional<String> sha256) throws IOException {
    RemoteFile remote = retries.run(listener, () -> ask(uri));
    Path place = staging.room("original").resolve(DOWNLOADED);
    staging.keepOnly(Set.of(DOWNLOADED));
    staging.requireSpace(2 * remote.size().orElse(0)); // it and what it is turned into
    Path from = place.resolveSibling("from.txt");
    boolean whole =
        Files.exists(place)
            && Files.exists(from)
            && Files.readString(from).equals(remote.identity());
    if (!whole) {
      Files.deleteIfExists(place);
      Files.deleteIfExists(from);
      new Download(web, retries, listener, remote, staging.parts()).to(place);
      Files.writeString(from, remote.identity());
    }
    try {
      return verified(place, WebAddress.shown(uri), sha256);
    } catch (ImportException e) {
      Files.deleteIfExists(place);
      throw e;
    }
  }

  private RemoteFile ask(URI uri) throws IOException, PassingFailure {
    try (Reply reply = web.send("HEAD", uri, Map.of(), other -> false)) {
      if (reply.status() == 404 || reply.status() == 410) {
        throw new ImportException(
            Kind.NOT_FOUND, "There is no file at %s; check the link.".formatted(uri));
      }
      // Some servers do not answer HEAD; what GET says is enough then.
      boolean known = reply.status() == 200;
      return new RemoteFile(
          DOWNLOADED,
          uri,
          known && !reply.isGzip() ? reply.number("Content-Length") : OptionalLong.empty(),
          Optional.empty(),
          known ? strongTag(reply) : Optional.empty());
    }
  }

  /** What {@code If-Range} takes (RFC 9110, 13.1.5). */
  private static Optional<String> strongTag(Reply reply) {
    return reply
        .header("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> reply.header("Last-Modified"));
  }

  private Original verified(Path file, String shown, Optional<String> sha256) throws IOException {
    listener.step("reading " + shown);
    String actual = ContentDigest.sha256(file).hex();
    if (sha256.isPresent() && !sha256.get().equals(actual)) {
      throw new ImportException(
          Kind.DAMAGED,
          "%s has the SHA-256 %s, not the one given; check the file and --sha256."
              .formatted(shown, actual));
    }
    return new Original(file, shown, actual);
  }

  /** Which of the two to take: the one asked for, or the only one there is. */
  Architecture role(Original original, Optional<Architecture> wanted) throws IOException {
    try (OriginalCheckpoint checkpoint = OriginalCheckpoint.open(original.file())) {
      Set<Architecture> roles = checkpoint.roles();
      if (wanted.isEmpty() && roles.size() > 1) {
        throw new ImportException(
            Kind.WRONG_USE,
            "%s holds a captioner and a filter; choose by --as captioner or --as filter."
                .formatted(original.shown()));
      }
      Architecture role = wanted.orElseGet(() -> roles.iterator().next());
      if (!roles.contains(role)) {
        throw new ImportException(
            Kind.WRONG_USE,
            "%s holds no %s; leave out --as."
                .formatted(original.shown(), role.name().toLowerCase(Locale.ROOT)));
      }
      return role;
    }
  }

  void convert(Original original, Architecture role, Path tokenizer) throws IOException {
    listener.step("converting " + original.shown());
    Staging.deleteAll(staging.content()); // of an import of something else
    try (OriginalCheckpoint checkpoint = OriginalCheckpoint.open(original.file())) {
      checkpoint.convert(role, tokenizer, staging.content());
    }
  }
}
