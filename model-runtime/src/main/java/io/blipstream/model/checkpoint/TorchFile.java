package io.blipstream.model.checkpoint;

import io.blipstream.model.checkpoint.pickle.PickleException;
import io.blipstream.model.checkpoint.pickle.PickleReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that {@code torch.save} wrote, such as {@code pytorch_model.bin} or a {@code .pth}: named
 * tensors, read as data only.
 *
 * <p>Since PyTorch 1.6 it is a zip archive with a pickle, {@code data.pkl}, and an entry of raw
 * data for each storage. Before, it was four pickles, the third one the data and the last one a
 * list of storages, followed by the storages, each behind its length. The tensors are those of the
 * outer dictionary or, as training scripts save them, of the one under {@code model} or {@code
 * state_dict}.
 */
public final class TorchFile extends MappedTensors {

  private static final String PICKLE = "data.pkl";

  /** A large BLIP with its momentum copies has 500 KB. */
  private static final int MAX_PICKLE_BYTES = 1 << 24;

  private static final List<String> NESTED = List.of("model", "state_dict");
  private static final int ZIP_SIGNATURE = 0x04034b50;
  private static final BigInteger OLD_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final Object OLD_VERSION = 1001L;

  private TorchFile(MappedFile file, Map<String, StoredTensor> tensors) {
    super(file, tensors, MappedFile.SEGMENT_BYTES);
  }

  /**
   * Opens a file and checks its whole table of contents.
   *
   * @throws CheckpointException also if the pickle names anything but weights
   */
  public static TorchFile open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path);
    try {
      boolean zip = file.size() >= 4 && file.map(0, 4).getInt() == ZIP_SIGNATURE;
      return new TorchFile(file, zip ? ofArchive(file) : ofPickles(file));
    } catch (PickleException e) {
      file.close();
      throw new CheckpointException(path + " " + e.getMessage() + ".", e);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Map<String, StoredTensor> ofArchive(MappedFile file) throws IOException {
    ZipDirectory zip = ZipDirectory.read(file);
    String prefix = prefix(file, zip);
    String byteOrder = prefix + "byteorder";
    if (zip.has(byteOrder) && zip.size(byteOrder) < 16) {
      ByteBuffer text = file.map(zip.position(byteOrder), zip.size(byteOrder));
      if (StandardCharsets.US_ASCII.decode(text).toString().equals("big")) {
        throw new CheckpointException(
            file.path() + " was saved by a big-endian machine; save it on another one.");
      }
    }
    String pickle = prefix + PICKLE;
    if (zip.size(pickle) > MAX_PICKLE_BYTES) {
      throw new CheckpointException(
          "%s has a pickle of %d bytes, over the limit of %d; it holds more than BLIP weights."
              .formatted(file.path(), zip.size(pickle), MAX_PICKLE_BYTES));
    }
    Object root =
        PickleReader.read(file.map(zip.position(pickle), zip.size(pickle)), new TorchObjects());
    return located(
        file,
        root,
        storage -> {
          String entry = prefix + "data/" + storage.key();
          if (!zip.has(entry)) {
            throw new CheckpointException(
                "%s lacks the entry %s; it is damaged, fetch it again."
                    .formatted(file.path(), entry));
          }
          return new Region(zip.position(entry), zip.size(entry));
        });
  }

  /** The archive's folder, which torch.save names after the file. */
  private static String prefix(MappedFile file, ZipDirectory zip) throws CheckpointException {
    String found = null;
    for (String name : zip.names()) {
      if (name.equals(PICKLE) || name.endsWith("/" + PICKLE)) {
        if (found != null) {
          throw new CheckpointException(file.path() + " has two pickles, but one is needed.");
        }
        found = name;
      }
    }
    if (found == null) {
      throw new CheckpointException(
          file.path() + " is a zip archive, but not one that torch.save wrote.");
    }
    return found.substring(0, found.length() - PICKLE.length());
  }

  private static Map<String, StoredTensor> ofPickles(MappedFile file) throws IOException {
    ByteBuffer in = file.map(0, Math.min(file.size(), MAX_PICKLE_BYTES));
    TorchObjects objects = new TorchObjects();
    if (!isOldFile(in, objects)) {
      throw new CheckpointException(
          file.path() + " is no file that torch.save wrote, or is damaged from its first byte on.");
    }
    if (!(PickleReader.read(in, objects) instanceof Map<?, ?> system)
        || !Boolean.TRUE.equals(system.get("little_endian"))) {
      throw new CheckpointException(
          file.path() + " was saved by a big-endian machine; save it on another one.");
    }
    Object root = PickleReader.read(in, objects);
    if (!(PickleReader.read(in, objects) instanceof List<?> keys)) {
      throw new CheckpointException(file.path() + " has no list of its storages; it is damaged.");
    }
    Map<String, Region> regions = new HashMap<>();
    long at = in.position();
    for (Object key : keys) {
      TorchStorage storage = key instanceof String name ? objects.storages().get(name) : null;
      if (storage == null) {
        throw new CheckpointException(
            file.path() + " has a storage that no tensor refers to; it is damaged.");
      }
      int bytes = storage.dtype().bytes();
      long elements = file.require(at, Long.BYTES, "storages").getLong();
      at += Long.BYTES;
      if (elements < 0 || elements > (file.size() - at) / bytes) {
        throw new CheckpointException(
            file.path() + " ends before its storages; it is cut off or damaged, fetch it again.");
      }
      regions.put(storage.key(), new Region(at, elements * bytes));
      at += elements * bytes;
    }
    return located(
        file,
        root,
        storage -> {
          Region region = regions.get(storage.key());
          if (region == null) {
            throw new CheckpointException(
                "%s lacks the storage %s; it is damaged, fetch it again."
                    .formatted(file.path(), storage.key()));
          }
          return region;
        });
  }

  private static boolean isOldFile(ByteBuffer in, TorchObjects objects) {
    try {
      return OLD_MAGIC.equals(PickleReader.read(in, objects))
          && OLD_VERSION.equals(PickleReader.read(in, objects));
    } catch (PickleException e) {
      return false;
    }
  }

  /** Where the bytes of a storage lie, and how many there are. */
  private record Region(long position, long bytes) {}

  private interface Storages {
    Region find(TorchStorage storage) throws IOException;
  }

  private static Map<String, StoredTensor> located(MappedFile file, Object root, Storages storages)
      throws IOException {
    Map<String, StoredTensor> located = new LinkedHashMap<>();
    for (Map.Entry<String, TorchTensor> entry : tensors(file, root).entrySet()) {
      TorchStorage storage = entry.getValue().storage();
      Region region = storages.find(storage);
      if (region.bytes() < storage.elements() * storage.dtype().bytes()) {
        throw new CheckpointException(
            "%s: tensor %s needs a storage of %d elements, but only %d bytes of it are there."
                .formatted(file.path(), entry.getKey(), storage.elements(), region.bytes()));
      }
      located.put(entry.getKey(), entry.getValue().at(entry.getKey(), region.position()));
    }
    return located;
  }

  private static Map<String, TorchTensor> tensors(MappedFile file, Object root)
      throws CheckpointException {
    Map<String, TorchTensor> tensors = tensorsOf(root);
    if (tensors.isEmpty() && root instanceof Map<?, ?> outer) {
      for (String key : NESTED) {
        if (tensors.isEmpty()) {
          tensors = tensorsOf(outer.get(key));
        }
      }
    }
    if (tensors.isEmpty()) {
      throw new CheckpointException(
          file.path() + " holds no tensors by name; save a model's state_dict().");
    }
    return tensors;
  }

  private static Map<String, TorchTensor> tensorsOf(Object value) {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> dictionary) {
      dictionary.forEach(
          (key, item) -> {
            if (key instanceof String name && item instanceof TorchTensor tensor) {
              tensors.put(name, tensor);
            }
          });
    }
    return tensors;
  }
}
