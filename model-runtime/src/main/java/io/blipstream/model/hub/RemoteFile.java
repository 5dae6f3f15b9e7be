package io.blipstream.model.hub;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file on a server.
 *
 * @param name under which it is kept
 * @param uri that gives it, perhaps by redirects that are good for a while only
 * @param size in bytes, if the server states it
 * @param digest that its content must have, if the server states one
 * @param tag the server's entity tag, by which a change is noticed where there is no digest
 */
record RemoteFile(
    String name, URI uri, OptionalLong size, Optional<ContentDigest> digest, Optional<String> tag) {

  /** Equal for two files only if a half of one can be completed from the other. */
  String identity() {
    return digest
        .map(known -> known.hex() + " " + size)
        .orElseGet(() -> uri + " " + tag.orElse("") + " " + size);
  }
}
