package io.blipstream.model.network;

/**
 * Keys and values of one attention layer, split by head.
 *
 * @param keys [B, heads, L, E]
 * @param values [B, heads, L, E]
 */
public record KeyValues<T>(T keys, T values) {}
