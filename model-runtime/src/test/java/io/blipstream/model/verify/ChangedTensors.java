package io.blipstream.model.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Changes one thing in a safetensors file, in place. */
record ChangedTensors(Path file) {

  /** Adds to the last value of a tensor of 32-bit floats. */
  void add(String tensor, float change) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong(0);
    JsonNode entry =
        new JsonMapper()
            .readTree(new String(bytes.array(), 8, header, StandardCharsets.UTF_8))
            .path(tensor);
    int last = 8 + header + entry.path("data_offsets").path(1).asInt() - Float.BYTES;
    bytes.putFloat(last, bytes.getFloat(last) + change);
    Files.write(file, bytes.array());
  }

  /** Gives a tensor another name of the same length. */
  void rename(String tensor, String name) throws IOException {
    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(
        file, content.replace('"' + tensor + '"', '"' + name + '"'), StandardCharsets.ISO_8859_1);
  }
}
