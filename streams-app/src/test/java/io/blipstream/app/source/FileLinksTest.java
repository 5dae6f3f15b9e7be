package io.blipstream.app.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.blipstream.app.source.FetchException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLinksTest {

  private static final FetchLimits LIMITS =
      new FetchLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), 10, 3, 0, 1);

  @TempDir private Path folder;
  private Path allowed;
  private Path outside;

  @BeforeEach
  void layOut() throws IOException {
    allowed = Files.createDirectory(folder.resolve("allowed"));
    Files.writeString(allowed.resolve("a b.jpg"), "image");
    Files.writeString(allowed.resolve("big.jpg"), "12345678901");
    outside = Files.writeString(folder.resolve("secret.jpg"), "secret");
  }

  @Test
  void shouldReadBelowAnAllowedFolder() throws Exception {
    String link = allowed.resolve("a b.jpg").toUri().toString();
    assertThat(fetch(link)).isEqualTo("image");
    assertThat(fetch(link.replace("%20", " "))).isEqualTo("image");
    assertThat(fetch(link.replace("file:///", "file:/"))).isEqualTo("image");
    assertThat(fetch(link.replace("file:///", "file://localhost/"))).isEqualTo("image");
  }

  @Test
  void shouldReadThroughAnAllowedFolderThatIsItselfALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), allowed);
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, false, List.of(link))) {
      assertThat(fetcher.fetch("file://" + link + "/a%20b.jpg")).hasSize(5);
    }
  }

  @Test
  void shouldRefuseEveryFileWhenNoFolderIsAllowed() throws Exception {
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, false, List.of())) {
      assertThatThrownBy(() -> fetcher.fetch(allowed.resolve("a b.jpg").toUri().toString()))
          .hasFieldOrPropertyWithValue("reason", Reason.FETCH_FORBIDDEN);
    }
  }

  @Test
  void shouldNotBeLedOutOfAnAllowedFolder() throws Exception {
    Files.createSymbolicLink(allowed.resolve("out.jpg"), outside);
    Files.createSymbolicLink(allowed.resolve("up"), folder);
    String root = "file://" + allowed;
    assertThat(reason(root + "/../secret.jpg")).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(reason(root + "/%2e%2e/secret.jpg")).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(reason(root + "/out.jpg")).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(reason(root + "/up/secret.jpg")).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(reason("file://" + allowed + "-not/x.jpg")).isEqualTo(Reason.FETCH_FORBIDDEN);
  }

  @Test
  void shouldNotTellWhetherAForbiddenFileExists() {
    assertThat(reason(outside.toUri().toString()))
        .isEqualTo(reason(folder.resolve("nothing.jpg").toUri().toString()))
        .isEqualTo(Reason.FETCH_FORBIDDEN);
  }

  @Test
  void shouldTellMissingFoldersAndLargeFilesApart() {
    assertThat(reason(allowed.resolve("nothing.jpg").toUri().toString()))
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(reason(allowed.toUri().toString())).isEqualTo(Reason.FETCH_FAILED);
    assertThat(reason(allowed.resolve("big.jpg").toUri().toString()))
        .isEqualTo(Reason.TOO_MANY_BYTES);
    assertThat(reason("file://elsewhere" + allowed + "/a.jpg")).isEqualTo(Reason.FETCH_FAILED);
    assertThat(reason("file:relative.jpg")).isEqualTo(Reason.FETCH_FAILED);
  }

  @Test
  void shouldRefuseToStartWithAFolderThatDoesNotExist() {
    assertThatThrownBy(() -> new LinkFetcher(LIMITS, false, List.of(folder.resolve("no"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not exist");
  }

  private String fetch(String link) throws Exception {
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, false, List.of(allowed))) {
      return new String(fetcher.fetch(link), StandardCharsets.UTF_8);
    }
  }

  private Reason reason(String link) {
    FetchException failure = catchThrowableOfType(FetchException.class, () -> fetch(link));
    assertThat(failure).as("failure of %s", link).isNotNull();
    return failure.reason();
  }
}
