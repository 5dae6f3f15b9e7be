/**
 * BLIP and CapFilt: images and texts in, captions and match scores out. Knows nothing of Kafka.
 *
 * <p>Callers use {@link io.blipstream.model.CapFilt}; the rooms below each have one job.
 */
package io.blipstream.model;
