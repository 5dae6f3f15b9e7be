package io.blipstream.model.scenes;

import java.util.List;
import java.util.Map;

/**
 * One scene to train on, with texts of known truth.
 *
 * @param captions different true captions, at least one
 * @param falseTexts a text for every {@link Flaw} that the scene allows, in the order of the flaws:
 *     from easy to hard
 */
public record SceneSample(Scene scene, List<String> captions, Map<Flaw, String> falseTexts) {}
