/**
 * Asynchronous processing inside a Kafka Streams task: records wait in order for their outcome
 * while committed offsets are held back. Start reading at {@link
 * io.blipstream.app.inflight.InFlightProcessor}.
 */
package io.blipstream.app.inflight;
