/** Files, folders and archives of images as image events, for the command {@code send}. */
package io.blipstream.app.cli.input;
