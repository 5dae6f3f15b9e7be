package io.blipstream.model.engine.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Weights of a graph in a file beside it, in ONNX's external data format: a protobuf message ends
 * at 2 GB, and the runtime maps the file instead of copying it.
 */
final class WeightsFile implements GraphWriter.LargeTensors, Closeable {

  /** Memory is mapped by pages, which hold this much at most platforms. */
  private static final long PAGE = 4096;

  private final FileChannel channel;
  private final String location;
  private long end;

  /**
   * @param path where to write
   * @param location the name by which the graph will find the file, in its own folder
   */
  WeightsFile(Path path, String location) throws IOException {
    this.channel =
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    this.location = location;
  }

  /** Appends the bytes of a tensor and says in it where they are. */
  @Override
  public void append(TensorProto.Builder tensor, ByteBuffer bytes) throws IOException {
    long start = (end + PAGE - 1) / PAGE * PAGE;
    int length = bytes.remaining();
    long at = start;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    end = at;
    tensor
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .addExternalData(entry("offset", Long.toString(start)))
        .addExternalData(entry("length", Integer.toString(length)));
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** Writes everything to the disk. */
  @Override
  public void close() throws IOException {
    try (channel) {
      channel.force(true);
    }
  }
}
