/** The parts of the command {@code demo}: its feed of scenes and its book-keeping. */
package io.blipstream.app.cli.demo;
