package io.blipstream.model.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes safetensors files as PyTorch's tools expect them.
 *
 * <p>The file appears whole or not at all: data goes to a temporary file beside it, which is moved
 * over the old one when it is complete and on disk.
 */
public final class SafetensorsWriter {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes tensors in the map's order, holding one of them at a time.
   *
   * @throws CheckpointException if a tensor's values do not match its shape, are not finite, or do
   *     not fit the precision
   */
  public static void write(Path file, Map<String, FloatTensor> tensors, Precision precision)
      throws IOException {
    Path target = file.toAbsolutePath();
    Path temporary = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".part");
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        writeFully(out, header(tensors, precision));
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Map.Entry<String, FloatTensor> tensor : tensors.entrySet()) {
          writeData(out, buffer, target, tensor.getKey(), tensor.getValue(), precision);
        }
        out.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static ByteBuffer header(Map<String, FloatTensor> tensors, Precision precision)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    // Hugging Face's loaders refuse a file that does not state which framework's layout it has.
    root.putObject("__metadata__").put("format", "pt");
    long at = 0;
    for (Map.Entry<String, FloatTensor> tensor : tensors.entrySet()) {
      long[] shape = tensor.getValue().shape();
      long end = at + TensorInfo.elements(shape) * precision.dtype().bytes();
      ObjectNode entry = root.putObject(tensor.getKey());
      entry.put("dtype", precision.dtype().name());
      entry.set("shape", JSON.valueToTree(shape));
      entry.set("data_offsets", JSON.valueToTree(new long[] {at, end}));
      at = end;
    }
    byte[] text = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    // Padded with spaces, as the format's own writer does, so that the data is aligned.
    byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return ByteBuffer.allocate(Long.BYTES + padded.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(padded.length)
        .put(padded)
        .flip();
  }

  private static void writeData(
      FileChannel out,
      ByteBuffer buffer,
      Path file,
      String name,
      FloatTensor tensor,
      Precision precision)
      throws IOException {
    float[] values = tensor.values();
    if (values.length != TensorInfo.elements(tensor.shape())) {
      throw new CheckpointException(
          "%s cannot be written: tensor %s has %d values for the shape %s."
              .formatted(file, name, values.length, TensorInfo.text(tensor.shape())));
    }
    for (float value : values) {
      if (buffer.remaining() < Float.BYTES) {
        writeFully(out, buffer.flip());
        buffer.clear();
      }
      if (precision == Precision.F32) {
        buffer.putFloat(value);
      } else {
        short half = HalfPrecision.toF16(value);
        if (Float.isFinite(value) && !Float.isFinite(HalfPrecision.fromF16(half))) {
          throw new CheckpointException(
              "%s cannot be written as F16: tensor %s holds %s, beyond ±%s; write F32."
                  .formatted(file, name, value, HalfPrecision.MAX_F16));
        }
        buffer.putShort(half);
      }
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            "%s cannot be written: tensor %s holds %s.".formatted(file, name, value));
      }
    }
    writeFully(out, buffer.flip());
    buffer.clear();
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
