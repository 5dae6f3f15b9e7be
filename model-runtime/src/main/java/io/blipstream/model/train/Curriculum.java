package io.blipstream.model.train;

/**
 * How a training on scenes grows harder with its progress.
 *
 * @param easyUntil progress at which the last easy scene is drawn; before it their share falls
 *     linearly from all to none. 0 draws only the full world
 * @param hardFrom progress from which false texts are as hard as they get: wrong in one attribute
 *     only. Before it the share of easy ones, which tell of another scene, falls linearly
 * @param paintedSide side in pixels at which pictures are painted before they are resized
 */
public record Curriculum(double easyUntil, double hardFrom, int paintedSide) {

  /** Share of scenes from the full world, 0 to 1. */
  double difficulty(double progress) {
    return easyUntil == 0 ? 1 : Math.min(1, progress / easyUntil);
  }

  /** Share of false texts from the hard mix, 0 to 1. */
  double hardness(double progress) {
    return hardFrom == 0 ? 1 : Math.min(1, progress / hardFrom);
  }
}
