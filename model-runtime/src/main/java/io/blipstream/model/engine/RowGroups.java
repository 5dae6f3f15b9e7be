package io.blipstream.model.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How the rows of a decoding step belong to images. */
public final class RowGroups {

  private final int[] images;
  private final int perImage;

  private RowGroups(int[] images, int perImage) {
    this.images = images;
    this.perImage = perImage;
  }

  /**
   * The groups of a step.
   *
   * @param imageOfRow for each row of the step before, its image
   * @param parents for each row of this step, the row it continues
   * @param tokens what the rows append, for the check that there is one each
   * @throws IllegalArgumentException if rows of an image do not stand together, in the order of the
   *     images and as many for each
   */
  public static RowGroups of(int[] imageOfRow, int[] parents, long... tokens) {
    if (parents.length == 0 || parents.length != tokens.length) {
      throw new IllegalArgumentException(
          "%d rows cannot take %d tokens".formatted(parents.length, tokens.length));
    }
    int[] image = Arrays.stream(parents).map(parent -> imageOfRow[parent]).toArray();
    int[] kept = Arrays.stream(image).sorted().distinct().toArray();
    int perImage = parents.length / kept.length;
    for (int row = 0; row < image.length; row++) {
      if (perImage * kept.length != image.length || image[row] != kept[row / perImage]) {
        throw new IllegalArgumentException(
            "rows of an image must stand together, in the images' order and as many for each: "
                + Arrays.toString(image));
      }
    }
    return new RowGroups(kept, perImage);
  }

  /** One row for each of so many images, as decoding starts. */
  public static int[] start(int images) {
    return IntStream.range(0, images).toArray();
  }

  /** Which of the images that had rows before still have some, ascending. */
  public int[] images() {
    return images.clone();
  }

  /** Rows that each of them has. */
  public int perImage() {
    return perImage;
  }

  /** For each row, the number of its image among those that are left. */
  public int[] imageOfRow() {
    return IntStream.range(0, images.length * perImage).map(row -> row / perImage).toArray();
  }
}
