/**
 * Sending rejected events back to where they came from: {@link io.blipstream.app.replay.Replay}
 * reads, {@link io.blipstream.app.replay.Selection} picks, {@code Stretches} remembers.
 */
package io.blipstream.app.replay;
