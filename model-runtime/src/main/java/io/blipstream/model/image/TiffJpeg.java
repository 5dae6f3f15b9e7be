package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;

/**
 * JPEG within TIFF: strips or tiles, and the tables that they share. Source: TIFF Technical Note 2.
 */
final class TiffJpeg {

  private static final int TABLES = 347;
  private static final int SOI_BYTES = 2;
  private static final int EOI_BYTES = 2;

  private TiffJpeg() {}

  /** A strip or tile as a whole JPEG. */
  static byte[] withTables(byte[] piece, TiffDirectory tags) throws UnreadableImageException {
    if (piece.length < SOI_BYTES) {
      throw TiffData.truncated();
    }
    if (!tags.has(TABLES)) {
      return piece;
    }
    byte[] tables = tags.bytes(TABLES);
    int kept = tables.length - EOI_BYTES;
    if (kept < SOI_BYTES) {
      throw ImageDecoder.corrupt("the TIFF's JPEG tables are damaged");
    }
    byte[] whole = new byte[kept + piece.length - SOI_BYTES];
    System.arraycopy(tables, 0, whole, 0, kept);
    System.arraycopy(piece, SOI_BYTES, whole, kept, piece.length - SOI_BYTES);
    return whole;
  }
}
