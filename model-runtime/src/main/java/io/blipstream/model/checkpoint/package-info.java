/**
 * Hugging Face checkpoint folders: configuration, weights and preprocessing, read and written
 * without a tensor library.
 *
 * <p>Start at {@link io.blipstream.model.checkpoint.Checkpoint} to read and at {@link
 * io.blipstream.model.checkpoint.CheckpointWriter} to write.
 */
package io.blipstream.model.checkpoint;
