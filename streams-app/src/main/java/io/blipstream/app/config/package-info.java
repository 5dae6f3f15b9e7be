/** What a user can set, checked before anything starts, and what Kafka Streams is given of it. */
package io.blipstream.app.config;
