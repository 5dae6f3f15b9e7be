package io.blipstream.app.web.page;

import java.time.Duration;

/**
 * What the page may cost the service it shows.
 *
 * @param cardsPerSecond images shown while someone looks; of the others only the scores are counted
 * @param idleCardsPerSecond images shown while nobody does, so that a page opens with something
 * @param historyCards cards that a client is sent when it comes, or comes back
 * @param clientCards cards that may wait for a client; older ones are dropped for newer ones
 * @param clients pages open at the same time
 * @param pictureSide longest side of a picture, in pixels
 * @param pictureBytes of all pictures kept
 * @param picturesWaiting images that may wait to be made into pictures
 * @param waitingBytes of these, encoded
 * @param heartbeat longest silence on a connection
 */
record PageLimits(
    double cardsPerSecond,
    double idleCardsPerSecond,
    int historyCards,
    int clientCards,
    int clients,
    int pictureSide,
    long pictureBytes,
    int picturesWaiting,
    long waitingBytes,
    Duration heartbeat) {

  static final PageLimits DEFAULT =
      new PageLimits(8, 1, 200, 64, 16, 320, 16L << 20, 16, 32L << 20, Duration.ofSeconds(10));
}
