package io.blipstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports from a server that behaves as the hub does, and from folders. */
class ImporterTest {

  private static final String TOKEN = "hf_secret";

  @TempDir Path folder;
  private Path original;
  private Path target;
  private FakeHub hub;

  @BeforeEach
  void serve() throws IOException {
    original = HubFixture.checkpoint(folder.resolve("original"), 1);
    target = Files.createDirectory(folder.resolve("models")).resolve("blip");
    hub = FakeHub.of(original);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void shouldImportTheNewestCommitAndSayWhereItCameFrom() throws IOException {
    ImportResult result = importer().run(HubFixture.request(target));

    HubFixture.requireSameFiles(target, original);
    HubFixture.requireNothingElse(target.getParent(), "blip");
    assertThat(result.provenance().source()).isEqualTo("hf:" + FakeHub.REPOSITORY);
    assertThat(result.provenance().version()).hasSize(40);
    assertThat(result.provenance().files())
        .extracting(Provenance.Item::name)
        .contains("model.safetensors", "config.json", "tokenizer.json");
  }

  @Test
  void shouldImportARevisionWhoseNameHasSlashes() throws IOException {
    Path other = HubFixture.checkpoint(folder.resolve("other"), 2);
    hub.push("refs/pr/7", other);

    importer().run(HubFixture.request(target, "refs/pr/7"));

    HubFixture.requireSameFiles(target, other);
    assertThat(hub.requests.get(0).path()).contains("/resolve/refs%2Fpr%2F7/");
  }

  @Test
  void shouldShowTheTokenToTheHubOnly() throws IOException {
    hub.requiredToken = Optional.of(TOKEN);

    importer(Map.of("HF_ENDPOINT", hub.address(), "HF_TOKEN", TOKEN))
        .run(HubFixture.request(target));

    HubFixture.requireSameFiles(target, original);
    assertThat(hub.requestsOf("store", "GET")).isNotEmpty();
    assertThat(hub.requestsOf("store", "GET"))
        .allMatch(request -> request.authorization().isEmpty());
    assertThat(hub.requestsOf("hub", "HEAD"))
        .allMatch(request -> request.authorization().equals(Optional.of("Bearer " + TOKEN)));
  }

  @Test
  void shouldReadTheTokenThatALoginLeft() throws IOException {
    hub.requiredToken = Optional.of(TOKEN);
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.writeString(home.resolve("token"), TOKEN + "\n");
    HubEnvironment environment =
        HubEnvironment.from(Map.of("HF_ENDPOINT", hub.address() + "/", "HF_HOME", home.toString()));

    assertThat(environment.token()).contains(TOKEN);
    assertThat(environment.toString()).doesNotContain(TOKEN);
  }

  @Test
  void shouldSayHowToReadWhatIsPrivateOrGated() {
    hub.requiredToken = Optional.of(TOKEN);
    requireRefused(Kind.ACCESS, "no repository", "private", "HF_TOKEN");
    hub.gated = true;
    requireRefused(Kind.ACCESS, "is gated", "accept its terms", "HF_TOKEN");
  }

  @Test
  void shouldSayWhichOfRepositoryRevisionAndFileIsMissing() throws IOException {
    ImportRequest unknown =
        ImportRequest.of((ImportSource.Hub) ImportSource.parse("hf:nobody/nothing"), target);
    assertThatThrownBy(() -> importer().run(unknown)).hasMessageContaining("nobody/nothing");
    assertThatThrownBy(() -> importer().run(HubFixture.request(target, "refs/pr/99")))
        .hasMessageContaining("no revision refs/pr/99");
    hub.push("main", Map.of("README.md", new byte[1]));
    requireRefused(Kind.NOT_FOUND, "no file config.json");
    Files.delete(original.resolve("model.safetensors"));
    hub.push("main", original);
    requireRefused(Kind.NOT_FOUND, "no weights", "pytorch_model.bin");
    HubFixture.requireNothingElse(target.getParent());
  }

  @Test
  void shouldTryAgainWhenTheHubIsBusyOrInTrouble() throws IOException {
    hub.refuse(2, 503, Map.of());
    String soon = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    hub.refuse(1, 429, Map.of("Retry-After", soon));
    hub.refuse(1, 429, Map.of("Retry-After", "1"));
    List<Duration> pauses = new ArrayList<>();
    ImportListener listener =
        new ImportListener() {
          @Override
          public void retrying(String why, Duration pause) {
            pauses.add(pause);
          }
        };

    HubFixture.importer(hub.address(), listener).run(HubFixture.request(target));

    assertThat(pauses).hasSize(4).contains(Duration.ofSeconds(1), Duration.ZERO);
    HubFixture.requireSameFiles(target, original);
  }

  @Test
  void shouldNotWaitForHours() {
    hub.refuse(1, 429, Map.of("Retry-After", "7200"));
    requireRefused(Kind.UNREACHABLE, "429", "121 minutes");
  }

  @Test
  void shouldGiveUpOnAServerThatStaysInTrouble() {
    hub.refuse(100, 500, Map.of());
    requireRefused(Kind.UNREACHABLE, "status 500");
    assertThat(hub.requests).hasSize(5);
  }

  @Test
  void shouldSayThatTheHubCannotBeReached() {
    hub.close();
    requireRefused(Kind.UNREACHABLE, "cannot be reached", "HF_ENDPOINT");
  }

  @Test
  void shouldRefuseWeightsWithAnotherChecksumAndLeaveNothing() {
    hub.spoil("model.safetensors", ImporterTest::flipped);
    requireRefused(Kind.DAMAGED, "model.safetensors", "SHA-256");
    assertThat(target).doesNotExist();
  }

  @Test
  void shouldRefuseASmallFileWithAnotherGitHash() {
    hub.spoil("config.json", ImporterTest::flipped);
    requireRefused(Kind.DAMAGED, "config.json", "SHA-1");
  }

  @Test
  void shouldRefuseAnotherSizeThanAnnounced() {
    hub.spoil("model.safetensors", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    requireRefused(Kind.DAMAGED, "model.safetensors", "bytes where");
    hub.spoil("model.safetensors", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
    requireRefused(Kind.DAMAGED, "model.safetensors", "bytes where");
  }

  @Test
  void shouldUnpackWhatTheServerPackedUnasked() throws IOException {
    hub.gzip = true;
    importer().run(HubFixture.request(target));
    HubFixture.requireSameFiles(target, original);
  }

  @Test
  void shouldRefuseAServerThatIsNoHub() {
    hub.saysCommit = false;
    requireRefused(Kind.DAMAGED, "X-Repo-Commit", "HF_ENDPOINT");
  }

  @Test
  void shouldTakeShardsByTheirIndexAndRefuseOneThatLeadsElsewhere() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("config.json", Files.readAllBytes(original.resolve("config.json")));
    files.put("vocab.txt", Files.readAllBytes(original.resolve("vocab.txt")));
    String index = "{\"weight_map\": {\"a\": \"%s\"}}";
    files.put(
        "model.safetensors.index.json",
        index.formatted("../../x").getBytes(StandardCharsets.UTF_8));
    hub.push("main", files);
    requireRefused(Kind.DAMAGED, "model.safetensors.index.json");

    files.put(
        "model.safetensors.index.json",
        index.formatted("gone.safetensors").getBytes(StandardCharsets.UTF_8));
    hub.push("main", files);
    requireRefused(Kind.NOT_FOUND, "lacks gone.safetensors");
  }

  @Test
  void shouldDoNothingWhenTheSameCommitIsThere() throws IOException {
    ImportResult first = importer().run(HubFixture.request(target));
    long bytes = hub.storeBytes.get();

    assertThat(importer().run(HubFixture.request(target)).alreadyThere()).isTrue();
    assertThat(hub.storeBytes).hasValue(bytes);
    HubFixture.requireNothingElse(target.getParent(), "blip");

    int requests = hub.requests.size();
    ImportRequest pinned = HubFixture.request(target, first.provenance().version());
    assertThat(importer().run(pinned).alreadyThere()).isTrue();
    assertThat(hub.requests).hasSize(requests);
  }

  @Test
  void shouldReplaceAnotherCheckpointOnlyWhenForced() throws IOException {
    importer().run(HubFixture.request(target));
    Path other = HubFixture.checkpoint(folder.resolve("other"), 2);
    hub.push("main", other);
    requireRefused(Kind.WRONG_USE, "--force");
    HubFixture.requireSameFiles(target, original);

    importer().run(forced(new ImportSource.Hub(FakeHub.REPOSITORY)));

    HubFixture.requireSameFiles(target, other);
    HubFixture.requireNothingElse(target.getParent(), "blip");
  }

  @Test
  void shouldNeverReplaceAFolderThatIsNoCheckpoint() throws IOException {
    Files.createDirectories(target.resolve("photos"));
    requireRefused(Kind.WRONG_USE, "was not imported");
    assertThatThrownBy(() -> importer().run(forced(new ImportSource.Hub(FakeHub.REPOSITORY))))
        .hasMessageContaining("more than a checkpoint");
    assertThat(target.resolve("photos")).exists();
  }

  @Test
  void shouldNoticeThatAnImportedFileWasChanged() throws IOException {
    importer().run(HubFixture.request(target));
    Files.writeString(target.resolve("config.json"), " ", StandardOpenOption.APPEND);
    requireRefused(Kind.WRONG_USE, "config.json has changed", "--force");
  }

  @Test
  void shouldRefuseASecondImportIntoTheSameFolder() throws IOException {
    try (Staging held = Staging.open(target)) {
      requireRefused(Kind.LOCAL, "Another import");
      assertThat(held.content()).exists();
    }
    importer().run(HubFixture.request(target));
    HubFixture.requireSameFiles(target, original);
  }

  @Test
  void shouldBringTheOldCheckpointBackAfterAKillWhileReplacing() throws IOException {
    importer().run(HubFixture.request(target));
    Files.move(target, target.resolveSibling(".blip.replaced"));

    assertThat(importer().run(HubFixture.request(target)).alreadyThere()).isTrue();

    HubFixture.requireSameFiles(target, original);
    HubFixture.requireNothingElse(target.getParent(), "blip");
  }

  @Test
  void shouldRefuseMoreThanTheDiskHolds() throws IOException {
    try (Staging staging = Staging.open(target)) {
      assertThatThrownBy(() -> staging.requireSpace(Long.MAX_VALUE / 2))
          .isInstanceOf(ImportException.class)
          .hasMessageContaining("make room");
    }
  }

  @Test
  void shouldCopyAFolder() throws IOException {
    ImportRequest request = ImportRequest.of(ImportSource.parse(original.toString()), target);
    Files.writeString(original.resolve("notes.md"), "not part of a checkpoint");

    importer().run(request);

    Files.delete(original.resolve("notes.md"));
    HubFixture.requireSameFiles(target, original);
    assertThat(importer().run(request).alreadyThere()).isTrue();
  }

  @Test
  void shouldTakeAnotherTokenizerWhenAsked() throws IOException {
    Path tokenizer = Files.createDirectory(folder.resolve("tokenizer"));
    Files.writeString(tokenizer.resolve("vocab.txt"), "[PAD]\nother\n");
    ImportRequest request =
        new ImportRequest(
            new ImportSource.Folder(original),
            Optional.empty(),
            target,
            Optional.of(new ImportSource.Folder(tokenizer)),
            Optional.empty(),
            Optional.empty(),
            false);

    importer().run(request);

    assertThat(target.resolve("vocab.txt")).hasSameTextualContentAs(tokenizer.resolve("vocab.txt"));
    assertThat(target.resolve("tokenizer.json")).doesNotExist();
  }

  @Test
  void shouldRefuseAFolderWhoseWeightsDoNotFitItsConfiguration() throws IOException {
    Path config = original.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"vocab_size\" : 400", "\"vocab_size\" : 401"));

    assertThatThrownBy(
            () -> importer().run(ImportRequest.of(new ImportSource.Folder(original), target)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("word_embeddings")
        .hasMessageContaining(original.toString())
        .hasMessageNotContaining(".partial");
    HubFixture.requireNothingElse(target.getParent());
  }

  @Test
  void shouldRefuseAPointerInPlaceOfWeights() throws IOException {
    Files.writeString(
        original.resolve("model.safetensors"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
    assertThatThrownBy(
            () -> importer().run(ImportRequest.of(new ImportSource.Folder(original), target)))
        .hasMessageContaining("git lfs pull");
  }

  @Test
  void shouldRefuseALinkedFileWithAnotherDigestThanGiven() throws IOException {
    String commit = hub.push("old", Map.of("model_base.pth", new byte[100_000]));
    String link = "http://127.0.0.1:%d/%s/".formatted(hub.storePort(), commit);
    ImportRequest request =
        new ImportRequest(
            ImportSource.parse(link + "model_base.pth"),
            Optional.empty(),
            target,
            Optional.empty(),
            Optional.empty(),
            Optional.of("0".repeat(64)),
            false);

    assertThatThrownBy(() -> importer().run(request))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining(link)
        .hasMessageContaining("--sha256");
    assertThat(hub.storeBytes).hasValueGreaterThanOrEqualTo(100_000);
    HubFixture.requireNothingElse(target.getParent());
  }

  @Test
  void shouldSayWhatASourceMayBe() {
    requireNoSource("Salesforce/blip-itm-base-coco", "hf:Salesforce/blip-itm-base-coco");
    requireNoSource("hf:a/b/c", "OWNER/NAME");
    requireNoSource(
        "https://huggingface.co/Salesforce/blip-itm-base-coco", "hf:Salesforce/blip-itm-base-coco");
    requireNoSource("https://example.com/model.zip", ".pth");
    requireNoSource(original.resolve("config.json").toString(), "neither a folder");
  }

  private static void requireNoSource(String text, String advice) {
    assertThatThrownBy(() -> ImportSource.parse(text))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining(advice);
  }

  private ImportRequest forced(ImportSource source) {
    return new ImportRequest(
        source,
        Optional.empty(),
        target,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  private Importer importer() throws IOException {
    return importer(Map.of("HF_ENDPOINT", hub.address()));
  }

  private static Importer importer(Map<String, String> environment) throws IOException {
    return HubFixture.importer(environment, ImportListener.SILENT);
  }

  private void requireRefused(Kind kind, String... words) {
    assertThatThrownBy(() -> importer().run(HubFixture.request(target)))
        .isInstanceOfSatisfying(
            ImportException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(e.getMessage()).contains(words).doesNotContain(TOKEN);
            });
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] other = bytes.clone();
    other[other.length / 2] ^= 1;
    return other;
  }
}
