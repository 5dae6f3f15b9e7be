package io.blipstream.model.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.ReferenceFiles;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.OriginalCheckpoint;
import io.blipstream.model.checkpoint.SafetensorsFile;
import io.blipstream.model.checkpoint.TensorSource;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.PixelBatch;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints in other formats and for other image sizes, against transformers 5.18 with {@code
 * interpolate_pos_encoding=True}.
 */
class OtherCheckpointsReferenceTest {

  private static final Path ORIGINAL = resource("original");

  private static PyTorchEngine engine;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    engine = PyTorchEngine.start(ComputeDevice.CPU, 1);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void shouldEncodeRectangularImagesFromATorchFile() throws IOException {
    Files.copy(ReferenceFiles.path("captioner/config.json"), folder.resolve("config.json"));
    Files.copy(resource("torch/captioner.bin"), folder.resolve("pytorch_model.bin"));
    Files.writeString(
        folder.resolve("preprocessor_config.json"), "{\"size\":{\"height\":48,\"width\":80}}");
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        TensorSource reference =
            SafetensorsFile.open(resource("positions/reference.safetensors"))) {
      requireEncoded(checkpoint, reference, "pixels", "embeds");
    }
  }

  @Test
  void shouldRunAConvertedOriginalAsTheReferenceRunsItsWeights() throws IOException {
    try (TensorSource reference = SafetensorsFile.open(ORIGINAL.resolve("reference.safetensors"));
        Checkpoint captioner = convert(Architecture.CAPTIONER, 32);
        Checkpoint filter = convert(Architecture.FILTER, 32);
        Checkpoint larger = convert(Architecture.CAPTIONER, 48)) {
      requireEncoded(captioner, reference, "pixels", "embeds");
      requireEncoded(filter, reference, "pixels", "embeds");
      requireEncoded(larger, reference, "pixels48", "embeds48");
      assertThat(captioner.encodesImagesLike(filter)).isTrue();
      assertThat(captioner.encodesImagesLike(larger)).isFalse();
      try (EncodedImages images = encode(filter, reference, "pixels")) {
        ReferenceFiles.requireClose(
            "ITM logits",
            engine
                .filter(filter)
                .score(images, tokens(reference), tokens(reference))
                .matchLogits()
                .values(),
            reference.readFloats("itm"));
      }
    }
  }

  private static Path resource(String name) {
    return ReferenceFiles.path("captioner").getParent().resolveSibling(name);
  }

  private Checkpoint convert(Architecture role, int imageSize) throws IOException {
    Path tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
    Files.writeString(tokenizer.resolve("vocab.txt"), "[PAD]\n");
    Path target = folder.resolve(role + "-" + imageSize);
    try (OriginalCheckpoint original =
        OriginalCheckpoint.open(ORIGINAL.resolve("pretrained.pth"))) {
      original.convert(role, tokenizer, target, imageSize);
    }
    return Checkpoint.open(target);
  }

  private static void requireEncoded(
      Checkpoint checkpoint, TensorSource reference, String pixels, String embeds)
      throws IOException {
    try (EncodedImages images = encode(checkpoint, reference, pixels)) {
      ReferenceFiles.requireClose(embeds, images.tokens(), reference.readFloats(embeds));
    }
  }

  private static EncodedImages encode(Checkpoint checkpoint, TensorSource reference, String name)
      throws IOException {
    long[] shape = reference.tensor(name).shape();
    PixelBatch batch = new PixelBatch((int) shape[2], (int) shape[3]);
    batch.fill((int) shape[0]).put(reference.readFloats(name));
    return engine.vision(checkpoint).encode(batch);
  }

  private static TokenBatch tokens(TensorSource reference) throws IOException {
    int length = (int) reference.tensor("input_ids").shape()[1];
    long[] ids = reference.readLongs("input_ids");
    List<long[]> rows = new ArrayList<>();
    for (int at = 0; at < ids.length; at += length) {
      rows.add(Arrays.copyOfRange(ids, at, at + length));
    }
    return TokenBatch.of(rows, 0);
  }
}
