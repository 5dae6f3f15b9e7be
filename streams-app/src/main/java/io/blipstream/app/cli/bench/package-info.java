/** Measurements of single parts of the service. */
package io.blipstream.app.cli.bench;
