/**
 * Trains BLIP with its three losses, on DJL's PyTorch engine, through the same network definition
 * that inference runs.
 */
package io.blipstream.model.train;
