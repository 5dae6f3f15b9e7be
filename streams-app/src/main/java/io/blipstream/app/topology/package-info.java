/**
 * The stream: image events in; captions, match confidences and rejects out. {@link
 * io.blipstream.app.topology.BlipstreamTopology} is the map, {@link
 * io.blipstream.app.topology.CapFiltStage} the way of one event.
 */
package io.blipstream.app.topology;
