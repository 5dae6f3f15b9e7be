package io.blipstream.app.inflight;

/**
 * What the windows of this process hold and have done since it started.
 *
 * @param records in flight now
 * @param started of these, those being worked on; the others came after the intake was stopped
 * @param bytes of input in flight now
 * @param forwarded records whose outcome was forwarded; a transaction may yet be aborted
 * @param dropped records in flight when their task was closed; another owner reads them again
 * @param overflows records taken beyond the bounds because the thread had waited long enough
 */
public record InFlightStatistics(
    long records, long started, long bytes, long forwarded, long dropped, long overflows) {}
