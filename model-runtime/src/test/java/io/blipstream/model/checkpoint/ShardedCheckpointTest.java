package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference's captioner in two files and an index, right and wrong. */
class ShardedCheckpointTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";
  private static final String NORM = "vision_model.post_layernorm.weight";

  @TempDir Path folder;

  private final Map<String, FloatTensor> first = new LinkedHashMap<>();
  private final Map<String, FloatTensor> second = new LinkedHashMap<>();

  @BeforeEach
  void split() throws IOException {
    try (var whole = SafetensorsFile.open(Reference.path("captioner/model.safetensors"))) {
      for (String name : whole.names()) {
        FloatTensor tensor = FloatTensor.of(whole.readFloats(name), whole.tensor(name).shape());
        (name.startsWith("vision_model.") ? first : second).put(name, tensor);
      }
    }
    Files.copy(Reference.path("captioner/config.json"), folder.resolve("config.json"));
  }

  @Test
  void shouldReadShardsLikeASingleFile() throws IOException {
    write(map -> {});
    try (Checkpoint sharded = Checkpoint.open(folder);
        Checkpoint whole = Checkpoint.open(Reference.path("captioner"))) {
      sharded.require(CheckpointWriter.Architecture.CAPTIONER);
      for (var entry : BlipParameters.captioner(whole.config()).entrySet()) {
        assertThat(sharded.read(entry.getKey(), entry.getValue()))
            .isEqualTo(whole.read(entry.getKey(), entry.getValue()));
      }
      assertThat(sharded.encodesImagesLike(whole)).isTrue();
    }
  }

  @Test
  void shouldDigestAllShards() throws IOException, NoSuchAlgorithmException {
    write(map -> {});
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    String lines = "";
    for (String name : new String[] {FIRST, SECOND}) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      lines += HexFormat.of().formatHex(digest.digest(bytes)) + "  " + name + "\n";
    }
    byte[] text = lines.getBytes(StandardCharsets.UTF_8);
    try (Checkpoint sharded = Checkpoint.open(folder)) {
      assertThat(sharded.sha256()).isEqualTo(HexFormat.of().formatHex(digest.digest(text)));
    }
  }

  @Test
  void shouldReadShardsThatTorchSaved() throws IOException {
    Files.copy(TorchFiles.path("captioner.bin"), folder.resolve("pytorch_model-1.bin"));
    ObjectNode map = JSON.createObjectNode();
    map.put(NORM, "pytorch_model-1.bin");
    Files.write(
        folder.resolve("pytorch_model.bin.index.json"),
        JSON.writeValueAsBytes(JSON.createObjectNode().set("weight_map", map)));
    try (Checkpoint sharded = Checkpoint.open(folder);
        Checkpoint whole = Checkpoint.open(Reference.path("captioner"))) {
      sharded.require(CheckpointWriter.Architecture.CAPTIONER);
      assertThat(sharded.encodesImagesLike(whole)).isTrue();
    }
  }

  @Test
  void shouldSayWhichShardIsMissing() throws IOException {
    write(map -> {});
    Files.delete(folder.resolve(SECOND));
    requireRefused("names the file " + SECOND + ", which is missing; fetch it, too.");
  }

  @Test
  void shouldSayWhichTensorIsNotWhereTheIndexPlacesIt() throws IOException {
    write(map -> map.put(NORM, SECOND));
    requireRefused("places the tensor " + NORM + " in " + SECOND + ", which does not hold it");
    write(map -> map.put("other", FIRST));
    requireRefused("places the tensor other in " + FIRST + ", which does not hold it");
  }

  @Test
  void shouldSayWhichTensorIsInTwoShards() throws IOException {
    second.put(NORM, first.get(NORM));
    write(map -> {});
    requireRefused(SECOND + " holds the tensor " + NORM + ", which another file of");
  }

  @Test
  void shouldNeverLeaveItsFolder() throws IOException {
    for (String escape :
        new String[] {"../x.safetensors", "/etc/passwd", "a/b", "..", "", ".hidden", "a\\b"}) {
      write(map -> map.put(NORM, escape));
      requireRefused("places the tensor " + NORM + " in ");
      requireRefused("which is no plain name of a file beside it");
    }
  }

  @Test
  void shouldRefuseAnIndexThatIsNone() throws IOException {
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{}}");
    requireRefused("has no weight_map from tensors to files");
    Files.writeString(index, "{\"weight_map\":");
    requireRefused("is no valid JSON");
    Files.write(index, new byte[] {'{', (byte) 0xff});
    requireRefused("is no UTF-8");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}");
    requireRefused("is no valid JSON (Duplicate field 'a')");
  }

  private void requireRefused(String sentence) {
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(sentence);
  }

  private void write(Consumer<ObjectNode> change) throws IOException {
    SafetensorsWriter.write(folder.resolve(FIRST), first, Precision.F32);
    SafetensorsWriter.write(folder.resolve(SECOND), second, Precision.F32);
    ObjectNode map = JSON.createObjectNode();
    first.keySet().forEach(name -> map.put(name, FIRST));
    second.keySet().forEach(name -> map.put(name, SECOND));
    change.accept(map);
    Files.write(
        folder.resolve("model.safetensors.index.json"),
        JSON.writeValueAsBytes(JSON.createObjectNode().set("weight_map", map)));
  }
}
