/**
 * What a runtime must do to run BLIP: load the three parts of a checkpoint, encode images, give
 * next-token logits, and give the filter's outputs. Everything else (generation, scores, batching)
 * is written once over these interfaces.
 */
package io.blipstream.model.engine;
