/**
 * Texts to token ids and back, with a checkpoint's own vocabulary.
 *
 * <p>Start at {@link io.blipstream.model.text.BlipTokenizer}.
 */
package io.blipstream.model.text;
