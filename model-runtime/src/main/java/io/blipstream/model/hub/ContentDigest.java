package io.blipstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file's content must digest to. The hub states SHA-256 for large files, and for small ones
 * the SHA-1 by which git knows them, which is over a header with the size, too.
 *
 * @param kind which of the two
 * @param hex lower-case hexadecimal
 */
record ContentDigest(Kind kind, String hex) {

  enum Kind {
    SHA256("SHA-256", 64),
    GIT_BLOB("SHA-1", 40);

    private final String algorithm;
    private final int digits;

    Kind(String algorithm, int digits) {
      this.algorithm = algorithm;
      this.digits = digits;
    }
  }

  private static final int BUFFER_BYTES = 1 << 20;

  /** The digest that an entity tag is, if it is one. */
  static Optional<ContentDigest> ofTag(String tag) {
    String plain = tag.strip().replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (plain.matches("[0-9a-f]{" + kind.digits + "}")) {
        return Optional.of(new ContentDigest(kind, plain));
      }
    }
    return Optional.empty();
  }

  static ContentDigest sha256(Path file) throws IOException {
    return of(Kind.SHA256, file, false);
  }

  /** Some mirrors state the plain SHA-1 where the hub states git's; either is proof enough. */
  boolean isOf(Path file) throws IOException {
    return of(kind, file, true).equals(this)
        || (kind == Kind.GIT_BLOB && of(kind, file, false).equals(this));
  }

  /** How messages call it. */
  String algorithm() {
    return kind == Kind.SHA256 ? "SHA-256" : "SHA-1";
  }

  private static ContentDigest of(Kind kind, Path file, boolean header) throws IOException {
    MessageDigest digest = newDigest(kind.algorithm);
    if (header && kind == Kind.GIT_BLOB) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return new ContentDigest(kind, HexFormat.of().formatHex(digest.digest()));
  }

  /** SHA-256 of a text. */
  static String ofText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(newDigest("SHA-256").digest(bytes));
  }

  private static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
