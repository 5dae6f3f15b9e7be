/**
 * The BLIP network, written once over {@link io.blipstream.model.network.Ops}: vision encoder, text
 * encoder, text decoder and the heads, as Hugging Face transformers 5.18 computes them from the
 * official checkpoints.
 */
package io.blipstream.model.network;
