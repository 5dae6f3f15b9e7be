/** Kafka in this JVM, for the demo, for tests and for trying things out; and creation of topics. */
package io.blipstream.app.broker;
