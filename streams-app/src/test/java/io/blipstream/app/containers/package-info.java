/**
 * The service's own image against Kafka and a schema registry, each in a container, as it is run in
 * earnest: TLS and SASL on the broker, TLS and basic authentication at the registry, no root, a
 * file system that cannot be written to.
 */
package io.blipstream.app.containers;
