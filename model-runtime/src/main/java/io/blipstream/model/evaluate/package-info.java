/** Measures CapFilt where the truth is known: on drawn scenes. */
package io.blipstream.model.evaluate;
