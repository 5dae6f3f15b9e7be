package io.blipstream.model.scenes;

/**
 * What is wrong with a text that does not fit its scene, from the easiest to notice to the hardest.
 */
public enum Flaw {
  /** It says nothing of any picture. */
  VAGUE,
  /** It tells of another scene. */
  OTHER_SCENE,
  /** One colour is wrong. */
  COLOUR,
  /** One kind is wrong. */
  THING,
  /** One count is wrong. */
  COUNT,
  /** The two groups do not lie as it says; only scenes with two groups can be told so. */
  POSITION
}
