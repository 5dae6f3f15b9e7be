/**
 * A schema registry small enough to run inside the embedded broker's process, for use without a
 * cluster: it speaks the part of Confluent's REST interface that Confluent's client uses.
 */
package io.blipstream.schemas.registry;
