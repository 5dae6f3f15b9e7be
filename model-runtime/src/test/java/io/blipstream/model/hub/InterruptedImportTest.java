package io.blipstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports that are cut, killed, and answered by servers that do not help to resume. */
class InterruptedImportTest {

  private static final int CUTS = 20;
  private static final int CUTS_OF_WEIGHTS = 14;

  @TempDir Path folder;
  private Path original;
  private Path target;
  private FakeHub hub;
  private long weightBytes;

  @BeforeEach
  void serve() throws IOException {
    original = HubFixture.checkpoint(folder.resolve("original"), 1);
    target = Files.createDirectory(folder.resolve("models")).resolve("blip");
    hub = FakeHub.of(original);
    weightBytes = Files.size(original.resolve("model.safetensors"));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldBringIdenticalFilesThroughTwentyCuts(long seed) throws IOException {
    Random random = new Random(seed);
    // Of the hub's own short answers, and of weights: every third within the head of the answer.
    int[] atHub = random.ints(CUTS - CUTS_OF_WEIGHTS, 1, 700).toArray();
    int[] atStore = random.ints(CUTS_OF_WEIGHTS, 1, 30_000).toArray();
    for (int i = 0; i < atStore.length; i += 3) {
      atStore[i] %= 150;
    }
    CuttingForwarder.Plan hubCuts = new CuttingForwarder.Plan(atHub);
    CuttingForwarder.Plan storeCuts = new CuttingForwarder.Plan(atStore);
    try (CuttingForwarder front = new CuttingForwarder(hub.port(), hubCuts);
        CuttingForwarder back = new CuttingForwarder(hub.storePort(), storeCuts)) {
      hub.storeBehind(back.address());

      HubFixture.importer(front.address(), ImportListener.SILENT).run(HubFixture.request(target));

      assertThat(hubCuts.cuts() + storeCuts.cuts()).isEqualTo(CUTS);
    }
    HubFixture.requireSameFiles(target, original);
    HubFixture.requireNothingElse(target.getParent(), "blip");
  }

  @Test
  void shouldGiveUpWhenNothingArrivesAnyMore() throws IOException {
    int[] atOnce = new int[1000];
    Arrays.fill(atOnce, 1);
    CuttingForwarder.Plan plan = new CuttingForwarder.Plan(atOnce);
    try (CuttingForwarder back = new CuttingForwarder(hub.storePort(), plan)) {
      hub.storeBehind(back.address());

      assertThatThrownBy(() -> anImport(ImportListener.SILENT))
          .isInstanceOfSatisfying(
              ImportException.class,
              e -> assertThat(e.kind()).isEqualTo(ImportException.Kind.UNREACHABLE));
    }
    assertThat(plan.cuts()).isEqualTo(5);
    assertThat(target).doesNotExist();
  }

  @Test
  void shouldGoOnWhereAKilledImportStopped() throws IOException {
    killAfter(weightBytes / 2);
    assertThat(target).doesNotExist();
    long before = hub.storeBytes.get();

    anImport(ImportListener.SILENT);

    assertThat(hub.storeBytes.get() - before).isLessThan(weightBytes * 6 / 10);
    HubFixture.requireSameFiles(target, original);
  }

  /** The control of the test above: without ranges the same count shows that nothing resumed. */
  @Test
  void shouldStartOverWhenTheServerIgnoresRanges() throws IOException {
    killAfter(weightBytes / 2);
    long before = hub.storeBytes.get();
    hub.ranges = false;

    anImport(ImportListener.SILENT);

    assertThat(hub.storeBytes.get() - before).isGreaterThanOrEqualTo(weightBytes);
    HubFixture.requireSameFiles(target, original);
  }

  @Test
  void shouldStartOverWhenTheFileChangedMeanwhile() throws IOException {
    killAfter(weightBytes / 2);
    Path other = HubFixture.checkpoint(folder.resolve("other"), 2);
    hub.push("main", other);

    anImport(ImportListener.SILENT);

    HubFixture.requireSameFiles(target, other);
  }

  @Test
  void shouldGoOnWithAFileThatANewCommitLeftAlone() throws IOException {
    killAfter(weightBytes / 2);
    Files.writeString(original.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
    hub.push("main", original);
    long before = hub.storeBytes.get();

    anImport(ImportListener.SILENT);

    assertThat(hub.storeBytes.get() - before).isLessThan(weightBytes * 6 / 10);
    HubFixture.requireSameFiles(target, original);
  }

  @Test
  void shouldReplaceAPartThatWasSpoiltOnTheDisk() throws IOException {
    killAfter(weightBytes / 2);
    Path part = target.resolveSibling(".blip.partial/parts/model.safetensors.part");
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);

    anImport(ImportListener.SILENT);

    HubFixture.requireSameFiles(target, original);
  }

  @Test
  void shouldTakeEveryFileOfTheCommitThatWasTheNewestAtTheStart() throws IOException {
    Path other = HubFixture.checkpoint(folder.resolve("other"), 2);
    hub.afterFirstRequest =
        () -> {
          try {
            hub.push("main", other);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };

    anImport(ImportListener.SILENT);

    HubFixture.requireSameFiles(target, original);
  }

  private ImportResult anImport(ImportListener listener) throws IOException {
    return HubFixture.importer(hub.address(), listener).run(HubFixture.request(target));
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends an import as a kill does: from one byte to the next, with no word to anyone. */
  private void killAfter(long bytes) {
    ImportListener killer =
        new ImportListener() {
          private long left = bytes;
          private boolean weights;

          @Override
          public void started(String file, OptionalLong size, long already) {
            weights = file.equals("model.safetensors");
          }

          @Override
          public void advanced(long more) {
            left -= weights ? more : 0;
            if (left < 0) {
              throw new Killed();
            }
          }
        };
    assertThatThrownBy(() -> anImport(killer)).isInstanceOf(Killed.class);
  }
}
