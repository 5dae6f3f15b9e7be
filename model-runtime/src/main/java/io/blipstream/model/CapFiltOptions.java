package io.blipstream.model;

/**
 * How models are run and what they are given. Three settings matter most:
 *
 * <ul>
 *   <li>{@code threads}: cores for one operation, for the whole process. More make a batch faster
 *       until they have to share cores with something else, such as the decoding of images.
 *   <li>{@code maxCaptionTokens}: the time a caption takes grows with it.
 *   <li>{@code maxImagePixels}: an image over it is refused before it is decoded; one at the limit
 *       takes about 6 bytes a pixel while it is.
 * </ul>
 *
 * @param device what the models run on
 * @param threads threads for one operation; 0 leaves the engine's own choice
 * @param maxImageBytes encoded bytes of the largest image that is read
 * @param maxImagePixels width times height of the largest image that is read
 * @param maxCaptionTokens tokens of the longest caption, start and end token included
 * @param minCaptionTokens the least, counted likewise
 * @param repetitionPenalty above 1 makes a caption repeat itself less; 1 for none
 * @param maxTextTokens texts are cut to this many tokens for the filter; BLIP was trained with 35
 */
public record CapFiltOptions(
    ComputeDevice device,
    int threads,
    long maxImageBytes,
    long maxImagePixels,
    int maxCaptionTokens,
    int minCaptionTokens,
    double repetitionPenalty,
    int maxTextTokens) {

  public CapFiltOptions {
    require(threads >= 0, "threads must be 0 or more, not " + threads);
    require(maxImageBytes > 0, "the limit of image bytes must be above 0, not " + maxImageBytes);
    require(maxImagePixels > 0, "the limit of image pixels must be above 0, not " + maxImagePixels);
    require(maxTextTokens > 2, "texts must keep more than 2 tokens, not " + maxTextTokens);
  }

  /** Greedy captions of up to 20 tokens on the CPU, texts cut at 35 tokens. */
  public static CapFiltOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Collects options; each has the default that its method states. */
  public static final class Builder {

    private ComputeDevice device = ComputeDevice.CPU;
    private int threads;
    private long maxImageBytes = 32L << 20;
    private long maxImagePixels = 64_000_000;
    private int maxCaptionTokens = 20;
    private int minCaptionTokens;
    private double repetitionPenalty = 1;
    private int maxTextTokens = 35;

    private Builder() {}

    /** Default: the CPU. */
    public Builder device(ComputeDevice value) {
      device = value;
      return this;
    }

    /** Default: 0, the engine's own choice. */
    public Builder threads(int value) {
      threads = value;
      return this;
    }

    /** Default: 32 MiB. */
    public Builder maxImageBytes(long value) {
      maxImageBytes = value;
      return this;
    }

    /** Default: 64 megapixels. */
    public Builder maxImagePixels(long value) {
      maxImagePixels = value;
      return this;
    }

    /** Default: 20. */
    public Builder maxCaptionTokens(int value) {
      maxCaptionTokens = value;
      return this;
    }

    /** Default: 0. */
    public Builder minCaptionTokens(int value) {
      minCaptionTokens = value;
      return this;
    }

    /** Default: 1, none. */
    public Builder repetitionPenalty(double value) {
      repetitionPenalty = value;
      return this;
    }

    /** Default: 35. */
    public Builder maxTextTokens(int value) {
      maxTextTokens = value;
      return this;
    }

    public CapFiltOptions build() {
      return new CapFiltOptions(
          device,
          threads,
          maxImageBytes,
          maxImagePixels,
          maxCaptionTokens,
          minCaptionTokens,
          repetitionPenalty,
          maxTextTokens);
    }
  }
}
