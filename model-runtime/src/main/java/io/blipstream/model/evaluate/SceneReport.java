package io.blipstream.model.evaluate;

/**
 * What CapFilt achieves on drawn scenes.
 *
 * @param scenes number of scenes
 * @param seed of the scenes and their web texts
 * @param threshold ITM probability from which a text is accepted
 * @param captionNamesRightThing share of captions that name a thing of the scene with its colour
 * @param captionIsTrue share of captions of which every claim holds: kinds, colours, sizes, counts,
 *     positions, background
 * @param itmAucRightAgainstWrong area under the ROC curve of the ITM probability, right web texts
 *     against wrong ones
 * @param itmAucRightAgainstVague the same against texts that say nothing of the picture
 * @param itcAucRightAgainstWrong the same for the ITC similarity
 * @param webVerdicts the filter on web texts: right is true, vague and wrong are not
 * @param syntheticVerdicts the filter on captions
 */
public record SceneReport(
    int scenes,
    long seed,
    double threshold,
    double captionNamesRightThing,
    double captionIsTrue,
    double itmAucRightAgainstWrong,
    double itmAucRightAgainstVague,
    double itcAucRightAgainstWrong,
    Verdicts webVerdicts,
    Verdicts syntheticVerdicts) {}
