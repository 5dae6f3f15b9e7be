package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Files of a repository of the hub at one commit.
 *
 * <p>The revision is resolved once and every file is taken of that commit, so that a push in
 * between cannot mix two versions. Files are found by asking for their names, as Hugging Face's own
 * client does, since mirrors answer that where they lack the list of files.
 */
final class HubShelf implements Shelf {

  private static final String COMMIT = "X-Repo-Commit";
  private static final String LINKED_TAG = "X-Linked-Etag";
  private static final String LINKED_SIZE = "X-Linked-Size";

  private final HubEnvironment environment;
  private final WebClient web;
  private final Retries retries;
  private final ImportListener listener;
  private final Path parts;
  private final String repository;
  private final String revision;
  private final String commit;
  private final Map<String, Optional<RemoteFile>> known = new HashMap<>();

  /**
   * Finds the commit that the revision is now.
   *
   * @param anchor a file that the repository must have
   * @param parts folder for files that have not arrived whole
   */
  HubShelf(
      HubEnvironment environment,
      WebClient web,
      Retries retries,
      ImportListener listener,
      Path parts,
      ImportSource.Hub source,
      String revision,
      String anchor)
      throws IOException {
    this.environment = environment;
    this.web = web;
    this.retries = retries;
    this.listener = listener;
    this.parts = parts;
    this.repository = source.repository();
    this.revision = revision;
    try (Reply reply = ask(address(revision, anchor))) {
      this.commit =
          reply
              .headerOnTheWay(COMMIT)
              .filter(value -> value.matches("[0-9a-fA-F]{6,64}"))
              .orElseThrow(() -> refusal(reply, anchor));
    }
  }

  /** The commit that all files are of. */
  String commit() {
    return commit;
  }

  @Override
  public String name() {
    return "hf:%s (%s)".formatted(repository, revision);
  }

  @Override
  public String version(Iterable<String> files) {
    return commit;
  }

  @Override
  public boolean has(String file) throws IOException {
    return find(file).isPresent();
  }

  @Override
  public OptionalLong size(String file) throws IOException {
    return require(file).size();
  }

  @Override
  public void take(String file, Path place) throws IOException {
    RemoteFile remote = require(file);
    if (Files.exists(place) && isWhole(remote, place)) {
      return; // from before an interruption
    }
    new Download(web, retries, listener, remote, parts).to(place);
  }

  private static boolean isWhole(RemoteFile remote, Path place) throws IOException {
    return remote.digest().isPresent()
        && remote.size().equals(OptionalLong.of(Files.size(place)))
        && remote.digest().get().isOf(place);
  }

  private RemoteFile require(String file) throws IOException {
    return find(file)
        .orElseThrow(
            () ->
                new ImportException(Kind.NOT_FOUND, "%s has no file %s.".formatted(name(), file)));
  }

  private Optional<RemoteFile> find(String file) throws IOException {
    Optional<RemoteFile> found = known.get(file);
    if (found == null) {
      URI address = address(commit, file);
      try (Reply reply = ask(address)) {
        found = describe(file, address, reply);
      }
      known.put(file, found);
    }
    return found;
  }

  private Optional<RemoteFile> describe(String file, URI address, Reply reply)
      throws ImportException {
    boolean redirects = reply.status() / 100 == 3;
    if (reply.status() == 404 && !isAbout(reply, "RepoNotFound", "RevisionNotFound")) {
      return Optional.empty();
    }
    if (reply.status() != 200 && !redirects) {
      throw refusal(reply, file);
    }
    Optional<String> tag =
        reply
            .headerOnTheWay(LINKED_TAG)
            .or(() -> redirects ? Optional.empty() : reply.header("ETag"));
    OptionalLong linked = Reply.number(reply.headerOnTheWay(LINKED_SIZE));
    OptionalLong size =
        linked.isPresent() || redirects || reply.isGzip() ? linked : reply.number("Content-Length");
    return Optional.of(new RemoteFile(file, address, size, tag.flatMap(ContentDigest::ofTag), tag));
  }

  private Reply ask(URI address) throws IOException {
    return retries.run(
        listener,
        () ->
            web.send(
                "HEAD",
                address,
                Map.of(),
                reply ->
                    reply.headerOnTheWay(COMMIT).isPresent()
                        && reply.headerOnTheWay(LINKED_TAG).isPresent()));
  }

  private URI address(String revision, String file) throws ImportException {
    return WebAddress.parse(
        "%s/%s/resolve/%s/%s"
            .formatted(
                environment.endpoint(),
                repository,
                WebAddress.segment(revision),
                WebAddress.segment(file)));
  }

  private static boolean isAbout(Reply reply, String... codes) {
    return reply.header("X-Error-Code").filter(Set.of(codes)::contains).isPresent();
  }

  /** What an answer without a file means. */
  private ImportException refusal(Reply reply, String file) {
    String hub = environment.name();
    int status = reply.status();
    if (isAbout(reply, "GatedRepo")) {
      return access(
          "hf:%s is gated: accept its terms at %s/%s and give a token of that account by HF_TOKEN."
              .formatted(repository, hub, repository));
    }
    if (isAbout(reply, "RevisionNotFound")) {
      return missing(
          "hf:%s has no revision %s; give a branch, a tag, a commit, or refs/pr/N by --revision."
              .formatted(repository, revision));
    }
    if (isAbout(reply, "EntryNotFound")) {
      return missing(
          "%s has no file %s; check that it is a BLIP in Hugging Face's layout."
              .formatted(name(), file));
    }
    if (isAbout(reply, "RepoNotFound") || status == 401) {
      return access(
          environment.token().isEmpty()
              ? ("%s has no repository %s, or it is private: check the name, or give a token that may"
                      + " read it by HF_TOKEN.")
                  .formatted(hub, repository)
              : ("%s has no repository %s, or the token given may not read it: check the name and"
                      + " HF_TOKEN.")
                  .formatted(hub, repository));
    }
    if (status == 403) {
      return access(
          "%s forbids reading hf:%s (%s); check that the token in HF_TOKEN may read it."
              .formatted(hub, repository, reply.header("X-Error-Message").orElse("status 403")));
    }
    if (status == 404) {
      return missing(
          "%s has no repository %s, or it has no revision %s or no file %s in it; check all three."
              .formatted(hub, repository, revision, file));
    }
    if (status == 200 || status / 100 == 3) {
      return new ImportException(
          Kind.DAMAGED,
          "%s does not say which commit hf:%s is at (no header %s), as a hub does; check HF_ENDPOINT"
                  .formatted(hub, repository, COMMIT)
              + " and the proxy.");
    }
    return Answers.unexpected(reply);
  }

  private static ImportException access(String message) {
    return new ImportException(Kind.ACCESS, message);
  }

  private static ImportException missing(String message) {
    return new ImportException(Kind.NOT_FOUND, message);
  }
}
