/** Turns links in image events into image bytes, within limits. */
package io.blipstream.app.source;
