package io.blipstream.model.engine.onnx;

/** How a linear layer is computed in 8 bits, by its name in the checkpoint. */
enum Int8Scheme {
  /**
   * The layer stays in 32 bits: a head whose few products cost nothing, and whose result is a score
   * itself.
   */
  NONE,
  /** Its input has one scale and zero point for all of an image, which comes alone in its run. */
  WHOLE_INPUT,
  /**
   * Each token of its input has a scale of its own: other texts of a batch then have no say in it.
   */
  EACH_TOKEN;

  static Int8Scheme of(String weight) {
    if (weight.startsWith("vision_model.") || BlipGraph.isImageKeyOrValue(weight)) {
      return WHOLE_INPUT;
    }
    return weight.startsWith("text_encoder.") || weight.startsWith("text_decoder.")
        ? EACH_TOKEN
        : NONE;
  }
}
