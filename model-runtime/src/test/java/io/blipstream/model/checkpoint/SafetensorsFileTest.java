package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

  private static final String TWO_FLOATS = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";

  @TempDir Path folder;

  @Test
  void shouldReadWhatTheReferenceWrote() throws IOException {
    try (var file = SafetensorsFile.open(Reference.path("captioner/reference.safetensors"))) {
      assertThat(file.names())
          .containsExactlyInAnyOrder(
              "decoder_input_ids", "decoder_logits", "image_embeds", "pixel_values");
      assertThat(file.tensor("decoder_input_ids").dtype()).isEqualTo(Dtype.I64);
      assertThat(file.tensor("pixel_values").shape()).containsExactly(3, 3, 64, 64);
      assertThat(file.readLongs("decoder_input_ids")).hasSize(27).startsWith(158);
      assertThat(file.readFloats("pixel_values")).hasSize(3 * 3 * 64 * 64);
    }
  }

  /** With a segment of 8 bytes every tensor spans several; one segment must give the same. */
  @ParameterizedTest
  @ValueSource(ints = {8, 1000, 1 << 20})
  void shouldReadAlikeWhateverTheSegmentSize(int segmentBytes) throws IOException {
    Path path = Reference.path("filter/reference.safetensors");
    try (var whole = SafetensorsFile.open(path);
        var pieces = SafetensorsFile.open(path, segmentBytes)) {
      assertThat(pieces.readFloats("itc_similarity")).isEqualTo(whole.readFloats("itc_similarity"));
      assertThat(pieces.readFloats("image_embeds")).isEqualTo(whole.readFloats("image_embeds"));
      assertThat(pieces.readLongs("input_ids")).isEqualTo(whole.readLongs("input_ids"));
    }
  }

  @Test
  void shouldWidenEveryFloatingTypeIntoAnyBuffer() throws IOException {
    byte[] data = new byte[16];
    ByteBuffer values = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    values.putFloat(1.5f).putFloat(-2f);
    values.putShort((short) 0x3e00).putShort((short) 0xc000); // F16
    values.putShort((short) 0x3fc0).putShort((short) 0xc000); // BF16
    Path path =
        write(
            "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                + "'b':{'dtype':'F16','shape':[1,2],'data_offsets':[8,12]},"
                + "'c':{'dtype':'BF16','shape':[2,1],'data_offsets':[12,16]}}",
            data);
    try (var file = SafetensorsFile.open(path)) {
      FloatBuffer direct =
          ByteBuffer.allocateDirect(28).order(ByteOrder.nativeOrder()).asFloatBuffer();
      direct.put(9f);
      for (String name : file.names()) {
        file.readFloats(name, direct);
      }
      assertThat(direct.flip())
          .isEqualTo(FloatBuffer.wrap(new float[] {9f, 1.5f, -2f, 1.5f, -2f, 1.5f, -2f}));
      assertThatThrownBy(() -> file.readFloats("a", FloatBuffer.allocate(1)))
          .hasMessageContaining("tensor a has 2 elements, but the buffer has room for 1");
      assertThatThrownBy(() -> file.readLongs("a")).hasMessageContaining("I64 or I32 is needed");
    }
  }

  @Test
  void shouldReadScalarsEmptyTensorsAndIntegers() throws IOException {
    byte[] data = littleEndian(16).putFloat(7f).putInt(-5).putLong(1L << 40).array();
    Path path =
        write(
            "{'__metadata__':{'format':'pt'},"
                + "'scalar':{'dtype':'F32','shape':[],'data_offsets':[0,4]},"
                + "'empty':{'dtype':'F32','shape':[0,3],'data_offsets':[4,4]},"
                + "'int':{'dtype':'I32','shape':[1],'data_offsets':[4,8]},"
                + "'long':{'dtype':'I64','shape':[1],'data_offsets':[8,16]}}",
            data);
    try (var file = SafetensorsFile.open(path)) {
      assertThat(file.names()).containsExactly("scalar", "empty", "int", "long");
      assertThat(file.readFloats("scalar")).containsExactly(7f);
      assertThat(file.readFloats("empty")).isEmpty();
      assertThat(file.readLongs("int")).containsExactly(-5);
      assertThat(file.readLongs("long")).containsExactly(1L << 40);
      assertThatThrownBy(() -> file.readFloats("long"))
          .hasMessageContaining("weights must be F32, F16 or BF16");
      assertThatThrownBy(() -> file.tensor("other")).hasMessageEndingWith("has no tensor other.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}|takes 8 bytes by its offsets but 12",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}|cut off, fetch it again",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4 bytes that belong to no tensor",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|a gap of 4 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|begin before end",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}|two data_offsets",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|only whole numbers from 0",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}|only whole numbers from 0",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}|too large",
        "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}}|unknown dtype",
        "{'a':{'shape':[2],'data_offsets':[0,8]}}|unknown dtype",
        "{'a':{'dtype':'F32','data_offsets':[0,8]}}|no list shape",
        "{'a':7}|unknown dtype",
        "[1]|no JSON object",
        "{'a':|no valid JSON",
        "{} {}|no valid JSON",
      })
  void shouldRefuseAHeaderThatCannotBeBelieved(String header, String sentence) throws IOException {
    Path path = write(header, new byte[8]);
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(sentence);
  }

  @Test
  void shouldRefuseOverlapsAndDuplicates() throws IOException {
    String a = "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";
    Path overlap =
        write("{" + a + ",'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}", new byte[8]);
    assertThatThrownBy(() -> SafetensorsFile.open(overlap))
        .hasMessageContaining("tensor b overlaps");
    Path twice = write("{" + a + "," + a + "}", new byte[8]);
    assertThatThrownBy(() -> SafetensorsFile.open(twice)).hasMessageContaining("no valid JSON");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 100_000_001, 1_000_000})
  void shouldRefuseAHeaderLengthBeyondTheFile(long length) throws IOException {
    Path path = folder.resolve("length.safetensors");
    Files.write(path, littleEndian(16).putLong(length).array());
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("states a header of");
  }

  @Test
  void shouldRefuseEveryTruncation() throws IOException {
    byte[] whole = bytes(TWO_FLOATS, new byte[8]);
    Path path = folder.resolve("cut.safetensors");
    Files.write(path, whole);
    SafetensorsFile.open(path).close(); // negative control: whole it opens
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafetensorsFile.open(path)).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void shouldNeverThrowAnythingButCheckpointExceptionForADamagedHeader() throws IOException {
    byte[] whole = bytes(TWO_FLOATS, new byte[8]);
    Path path = folder.resolve("mutated.safetensors");
    Random random = new Random(5);
    for (int i = 0; i < 1500; i++) {
      byte[] damaged = whole.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        damaged[random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
      }
      Files.write(path, damaged);
      try (var file = SafetensorsFile.open(path)) {
        for (String name : file.names()) {
          file.tensor(name);
        }
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining(path.toString());
      }
    }
  }

  private Path write(String header, byte[] data) throws IOException {
    Path path = Files.createTempFile(folder, "test", ".safetensors");
    return Files.write(path, bytes(header, data));
  }

  private static byte[] bytes(String header, byte[] data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return littleEndian(8 + json.length + data.length)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
