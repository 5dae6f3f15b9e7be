/** What a running service tells of itself in numbers, and by which names. */
package io.blipstream.app.metrics;
