/** The HTTP side of a running service: who may ask, what is bounded, and who answers. */
package io.blipstream.app.web;
