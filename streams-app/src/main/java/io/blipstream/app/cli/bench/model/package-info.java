/** How fast the model's stages are, each case in a JVM of its own. */
package io.blipstream.app.cli.bench.model;
