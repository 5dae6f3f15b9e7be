package io.blipstream.model;

import java.util.List;

/**
 * What CapFilt says of one image: every text considered, with its scores.
 *
 * @param imageId the input's id
 * @param scores the web texts in input order, then the synthetic texts in the captioner's order: of
 *     beams the best first, of samples by their number
 */
public record Judgement(String imageId, List<TextScore> scores) {

  public Judgement {
    scores = List.copyOf(scores);
  }
}
