package io.blipstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports of files of the original repository, which hold no tokenizer and often both roles. */
class OriginalImportTest {

  private static final Path PRETRAINED = HubFixture.resource("/original/pretrained.pth");

  @TempDir Path folder;
  private Path target;
  private Path tokenizer;
  private FakeHub hub;

  @BeforeEach
  void serve() throws IOException {
    tokenizer = Files.createDirectory(folder.resolve("tokenizer"));
    Files.writeString(tokenizer.resolve("vocab.txt"), "[PAD]\n[SEP]\n");
    target = Files.createDirectory(folder.resolve("models")).resolve("blip");
    hub = new FakeHub();
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void shouldImportTheRoleThatIsAskedFor() throws IOException {
    ImportRequest request =
        request(new ImportSource.OriginalFile(PRETRAINED), Optional.of(Architecture.FILTER));

    importer().run(request);

    try (Checkpoint checkpoint = Checkpoint.open(target)) {
      assertThat(checkpoint.isFilter()).isTrue();
      assertThat(checkpoint.file("vocab.txt")).isPresent();
    }
    HubFixture.requireNothingElse(target.getParent(), "blip");
    assertThat(importer().run(request).alreadyThere()).isTrue();
  }

  @Test
  void shouldAskWhichRoleIsMeant() throws IOException {
    assertThatThrownBy(
            () ->
                importer()
                    .run(request(new ImportSource.OriginalFile(PRETRAINED), Optional.empty())))
        .isInstanceOfSatisfying(
            ImportException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_USE))
        .hasMessageContaining("--as captioner");
    HubFixture.requireNothingElse(target.getParent());
  }

  @Test
  void shouldImportALinkedFileOnce() throws IOException {
    String commit = hub.push("old", Map.of("pretrained.pth", Files.readAllBytes(PRETRAINED)));
    String link = "http://127.0.0.1:%d/%s/pretrained.pth".formatted(hub.storePort(), commit);
    ImportRequest request = request(ImportSource.parse(link), Optional.of(Architecture.CAPTIONER));

    importer().run(request);

    long bytes = hub.storeBytes.get();
    assertThat(importer().run(request).alreadyThere()).isTrue();
    assertThat(hub.storeBytes).hasValue(bytes);
    try (Checkpoint checkpoint = Checkpoint.open(target)) {
      assertThat(checkpoint.isCaptioner()).isTrue();
    }
    HubFixture.requireNothingElse(target.getParent(), "blip");
  }

  private ImportRequest request(ImportSource source, Optional<Architecture> role) {
    return new ImportRequest(
        source,
        Optional.empty(),
        target,
        Optional.of(new ImportSource.Folder(tokenizer)),
        role,
        Optional.empty(),
        false);
  }

  private Importer importer() throws IOException {
    return HubFixture.importer(hub.address(), ImportListener.SILENT);
  }
}
