package io.blipstream.app.source;

/**
 * Reads the bytes behind an image link, within limits on time, size, redirects and reachable
 * addresses. Thread-safe: several threads of the fetch pool call it at once.
 */
@FunctionalInterface
public interface ImageFetcher {

  /**
   * Reads one image, blocking until it is read whole or given up.
   *
   * @param uri the link as it stands in the event; a malformed one is a {@link FetchException} too
   * @return the encoded image, never null, possibly empty
   * @throws FetchException if the image cannot be had; the event is then rejected with its reason
   */
  byte[] fetch(String uri) throws FetchException;
}
