/**
 * Encoded bytes to the network's input: decode, resize as Pillow does, normalise.
 *
 * <p>The order is {@link io.blipstream.model.image.ImageDecoder}, {@link
 * io.blipstream.model.image.PillowResize}, {@link io.blipstream.model.image.Normalization}.
 */
package io.blipstream.model.image;
