/**
 * The drawn world that the bundled model knows: scenes with their truth, pictures and texts of
 * them, and the judge. Depends on the JDK only.
 *
 * <p>{@link io.blipstream.model.scenes.SceneGenerator} makes scenes, {@link
 * io.blipstream.model.scenes.ScenePainter} pictures of them, {@link
 * io.blipstream.model.scenes.SceneGrammar} captions, {@link io.blipstream.model.scenes.WebTexts}
 * the noisy texts beside them; {@link io.blipstream.model.scenes.SceneJudge} says what is true, and
 * {@link io.blipstream.model.scenes.SceneSampler} makes training samples.
 */
package io.blipstream.model.scenes;
