package io.blipstream.model.checkpoint;

/**
 * The elements that one or more tensors of a {@code torch.save} file share.
 *
 * @param key by which the file calls its bytes
 * @param elements how many there are
 */
record TorchStorage(Dtype dtype, String key, long elements) {}
