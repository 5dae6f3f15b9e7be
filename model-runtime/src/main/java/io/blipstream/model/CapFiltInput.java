package io.blipstream.model;

import java.util.List;

/**
 * One image with the web texts to judge beside the synthetic one.
 *
 * @param imageId identifies the image; also seeds sampling, so that a replay writes the same
 *     caption
 * @param image decoded and resized, from {@link CapFilt#prepare}
 * @param webTexts texts that came with the image, possibly none
 */
public record CapFiltInput(String imageId, PreparedImage image, List<String> webTexts) {

  public CapFiltInput {
    webTexts = List.copyOf(webTexts);
  }
}
