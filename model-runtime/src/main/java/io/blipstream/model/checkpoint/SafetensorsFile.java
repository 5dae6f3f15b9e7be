package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file: 8 bytes little-endian header length, the header (JSON), raw little-endian
 * data.
 */
public final class SafetensorsFile extends MappedTensors {

  private static final int LENGTH_BYTES = 8;

  private SafetensorsFile(MappedFile file, Map<String, StoredTensor> tensors, int segmentBytes) {
    super(file, tensors, segmentBytes);
  }

  /** Opens a file and checks its whole header. */
  public static SafetensorsFile open(Path path) throws IOException {
    return open(path, MappedFile.SEGMENT_BYTES);
  }

  /** Opens with another segment size, a multiple of 8: what a test of small files needs. */
  static SafetensorsFile open(Path path, int segmentBytes) throws IOException {
    MappedFile file = MappedFile.open(path);
    try {
      return new SafetensorsFile(file, contents(file), segmentBytes);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Map<String, StoredTensor> contents(MappedFile file) throws IOException {
    Path path = file.path();
    long size = file.size();
    if (size < LENGTH_BYTES) {
      throw new CheckpointException(path + " is too short to be a safetensors file.");
    }
    long headerBytes = file.map(0, LENGTH_BYTES).getLong();
    if (headerBytes < 0 || headerBytes > SafetensorsHeader.MAX_BYTES) {
      throw new CheckpointException(
          "%s states a header of %s bytes, over the limit of %d; it is no safetensors file."
              .formatted(path, Long.toUnsignedString(headerBytes), SafetensorsHeader.MAX_BYTES));
    }
    if (headerBytes > size - LENGTH_BYTES) {
      throw new CheckpointException(
          "%s states a header of %d bytes, but holds only %d; it is cut off, fetch it again."
              .formatted(path, headerBytes, size - LENGTH_BYTES));
    }
    byte[] json = new byte[(int) headerBytes];
    file.map(LENGTH_BYTES, json.length).get(json);
    long dataStart = LENGTH_BYTES + headerBytes;
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    SafetensorsHeader.parse(path.toString(), json, size - dataStart)
        .forEach(
            (name, entry) ->
                tensors.put(name, StoredTensor.rowMajor(entry.info(), dataStart + entry.begin())));
    return tensors;
  }
}
