/** Loads libtorch, once and in the right order, for everything that uses native libraries. */
package io.blipstream.model.libtorch;
