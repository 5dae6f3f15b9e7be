package io.blipstream.model.network;

import io.blipstream.model.checkpoint.VisionConfig;

/** The vision transformer of BLIP: pre-norm blocks over square patches and a class token. */
public final class VisionEncoder<T> {

  private static final String ROOT = "vision_model.";

  private final Ops<T> ops;
  private final VisionConfig config;
  private final int tokens;

  /** An encoder of images of the size that the configuration states. */
  public VisionEncoder(Ops<T> ops, VisionConfig config) {
    this(ops, config, config.tokens());
  }

  /**
   * @param tokens N, as position embeddings are there for: that of images of another size, maybe
   */
  public VisionEncoder(Ops<T> ops, VisionConfig config, int tokens) {
    this.ops = ops;
    this.config = config;
    this.tokens = tokens;
  }

  /** Normalised images [B, 3, height, width] to image tokens [B, N, D], the class token first. */
  public T encode(T images) {
    T x = ops.scoped(() -> embed(images));
    for (int i = 0; i < config.layers(); i++) {
      T input = x;
      String name = ROOT + "encoder.layers." + i;
      x = ops.scoped(() -> block(input, name));
    }
    return norm(x, ROOT + "post_layernorm");
  }

  private T embed(T images) {
    int width = config.width();
    String name = ROOT + "embeddings";
    T patches = ops.patches(images, name + ".patch_embedding", width, config.patchSize());
    T sequence = ops.prepend(ops.parameter(name + ".class_embedding", 1, 1, width), patches);
    return ops.add(sequence, ops.parameter(name + ".position_embedding", 1, tokens, width));
  }

  private T block(T x, String name) {
    T attended = ops.add(x, selfAttention(norm(x, name + ".layer_norm1"), name + ".self_attn"));
    T hidden =
        ops.linear(
            norm(attended, name + ".layer_norm2"),
            name + ".mlp.fc1",
            config.width(),
            config.mlpWidth());
    return ops.add(
        attended,
        ops.linear(ops.gelu(hidden), name + ".mlp.fc2", config.mlpWidth(), config.width()));
  }

  private T selfAttention(T x, String name) {
    int width = config.width();
    T qkv = ops.linear(x, name + ".qkv", width, 3 * width);
    T heads =
        ops.attention(
            ops.splitHeads(ops.slice(qkv, 2, 0, width), config.heads()),
            ops.splitHeads(ops.slice(qkv, 2, width, 2L * width), config.heads()),
            ops.splitHeads(ops.slice(qkv, 2, 2L * width, 3L * width), config.heads()));
    return ops.linear(ops.mergeHeads(heads), name + ".projection", width, width);
  }

  private T norm(T x, String name) {
    return ops.layerNorm(x, name, config.width(), config.eps());
  }
}
