package io.blipstream.model;

/**
 * Which weights judged an image, written beside every result.
 *
 * @param captioner name of the captioner's checkpoint
 * @param captionerDigest SHA-256 of its weights, lower-case hexadecimal
 * @param filter name of the filter's checkpoint
 * @param filterDigest SHA-256 of its weights, lower-case hexadecimal
 * @param decoding how captions are decoded, such as {@code greedy max=20}
 * @param matching how texts are judged, such as {@code itm first=cls tokens=35}
 * @param engine what runs the networks, such as {@code pytorch cpu fp32}
 */
public record ModelDescription(
    String captioner,
    String captionerDigest,
    String filter,
    String filterDigest,
    String decoding,
    String matching,
    String engine) {}
