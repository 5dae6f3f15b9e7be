package io.blipstream.model;

import io.blipstream.model.generate.DecodingPreset;
import io.blipstream.model.generate.DecodingSettings;

/**
 * How models are run and what they are given. Four settings matter most:
 *
 * <ul>
 *   <li>{@code engine}: its threads make a batch faster until they have to share cores with
 *       something else, such as the decoding of images.
 *   <li>{@code decoding}: the time a caption takes grows with its length and the number of beams.
 *   <li>{@code candidates}: several samples an image find more that the filter keeps; each costs as
 *       much as a caption and a text to judge.
 *   <li>{@code maxImagePixels}: an image over it is refused before it is decoded; one at the limit
 *       takes about 6 bytes a pixel while it is.
 * </ul>
 *
 * @param engine what runs the models
 * @param maxImageBytes encoded bytes of the largest image that is read
 * @param maxImagePixels width times height of the largest image that is read
 * @param imageDecoding whether large JPEG files are decoded at a smaller scale
 * @param exifOrientation whether a photograph is turned upright as its EXIF data say; the reference
 *     does not, but for TIFF
 * @param decoding how captions are chosen, and their lengths
 * @param prompt what every caption is made to begin with; empty for none
 * @param keepPrompt whether captions keep the prompt, as Hugging Face's do; the original BLIP cuts
 *     it off
 * @param candidates captions an image, of which equal ones count as one
 * @param maxTextTokens texts are cut to this many tokens for the filter; BLIP was trained with 35
 * @param matchToken what stands first in a text whose match is judged
 * @param cleanTexts whether texts are judged without punctuation and in lower case, as BLIP was
 *     trained with them; what is reported stays as it came
 */
public record CapFiltOptions(
    EngineRequest engine,
    long maxImageBytes,
    long maxImagePixels,
    ImageDecoding imageDecoding,
    boolean exifOrientation,
    DecodingSettings decoding,
    String prompt,
    boolean keepPrompt,
    int candidates,
    int maxTextTokens,
    MatchToken matchToken,
    boolean cleanTexts) {

  public CapFiltOptions {
    require(maxImageBytes > 0, "the limit of image bytes must be above 0, not " + maxImageBytes);
    require(maxImagePixels > 0, "the limit of image pixels must be above 0, not " + maxImagePixels);
    require(maxTextTokens > 2, "texts must keep more than 2 tokens, not " + maxTextTokens);
    decoding.requireCandidates(candidates);
  }

  /** Greedy captions of up to 20 tokens, texts cut at 35 tokens. */
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

    private EngineRequest engine = EngineRequest.any();
    private long maxImageBytes = 32L << 20;
    private long maxImagePixels = 64_000_000;
    private ImageDecoding imageDecoding = ImageDecoding.EXACT;
    private boolean exifOrientation;
    private DecodingSettings decoding = DecodingSettings.greedy(20);
    private String prompt = "";
    private boolean keepPrompt;
    private int candidates = 1;
    private int maxTextTokens = 35;
    private MatchToken matchToken = MatchToken.CLS;
    private boolean cleanTexts;

    private Builder() {}

    /** Default: what {@link BlipEngines#plan} chooses. */
    public Builder engine(EngineRequest value) {
      engine = value;
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

    /** Default: the reference's pixels. */
    public Builder imageDecoding(ImageDecoding value) {
      imageDecoding = value;
      return this;
    }

    /** Default: no. */
    public Builder exifOrientation(boolean value) {
      exifOrientation = value;
      return this;
    }

    /** Default: greedy, up to 20 tokens. */
    public Builder decoding(DecodingSettings value) {
      decoding = value;
      return this;
    }

    /** Sets decoding and prompt as the original BLIP has them. */
    public Builder preset(DecodingPreset preset) {
      return decoding(preset.settings()).prompt(preset.prompt());
    }

    /** Default: none. */
    public Builder prompt(String value) {
      prompt = value;
      return this;
    }

    /** Default: it is cut off. */
    public Builder keepPrompt(boolean value) {
      keepPrompt = value;
      return this;
    }

    /** Default: 1. */
    public Builder candidates(int value) {
      candidates = value;
      return this;
    }

    /** Default: 35. */
    public Builder maxTextTokens(int value) {
      maxTextTokens = value;
      return this;
    }

    /** Default: [CLS]. */
    public Builder matchToken(MatchToken value) {
      matchToken = value;
      return this;
    }

    /** Default: no. */
    public Builder cleanTexts(boolean value) {
      cleanTexts = value;
      return this;
    }

    public CapFiltOptions build() {
      return new CapFiltOptions(
          engine,
          maxImageBytes,
          maxImagePixels,
          imageDecoding,
          exifOrientation,
          decoding,
          prompt,
          keepPrompt,
          candidates,
          maxTextTokens,
          matchToken,
          cleanTexts);
    }
  }
}
