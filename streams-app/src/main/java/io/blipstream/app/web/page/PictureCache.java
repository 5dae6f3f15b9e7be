package io.blipstream.app.web.page;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The newest pictures, bounded in bytes; a new one pushes out the oldest. */
final class PictureCache {

  private final long maxBytes;
  private final Map<String, byte[]> pictures = new LinkedHashMap<>();
  private long bytes;

  PictureCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Keeps a picture; its bytes are not to be changed. One larger than the bound is not kept. */
  synchronized void put(String key, byte[] picture) {
    byte[] before = pictures.remove(key);
    bytes -= before == null ? 0 : before.length;
    if (picture.length > maxBytes) {
      return;
    }
    pictures.put(key, picture);
    bytes += picture.length;
    var oldest = pictures.entrySet().iterator();
    while (bytes > maxBytes) {
      bytes -= oldest.next().getValue().length;
      oldest.remove();
    }
  }

  synchronized Optional<byte[]> get(String key) {
    return Optional.ofNullable(pictures.get(key));
  }

  synchronized boolean has(String key) {
    return pictures.containsKey(key);
  }

  synchronized long sizeInBytes() {
    return bytes;
  }
}
