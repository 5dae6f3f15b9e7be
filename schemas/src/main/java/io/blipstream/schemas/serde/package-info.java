/**
 * Records to bytes and back in Confluent's wire format, over Confluent's own registry client.
 *
 * <p>{@link io.blipstream.schemas.serde.RegistryClient} is the only class that sees the client,
 * which comes relocated inside a Flink artifact together with an Avro of its own; schemas cross
 * that border as text.
 */
package io.blipstream.schemas.serde;
