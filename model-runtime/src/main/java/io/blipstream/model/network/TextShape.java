package io.blipstream.model.network;

/**
 * How a text tensor is laid out.
 *
 * @param textsPerImage texts that share one image, next to each other in the batch
 * @param length tokens a text, padding included
 */
public record TextShape(int textsPerImage, int length) {}
