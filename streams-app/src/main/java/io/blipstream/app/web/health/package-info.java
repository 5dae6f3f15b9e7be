/** What platforms and programs ask a service: health, topology, statistics, metrics. */
package io.blipstream.app.web.health;
