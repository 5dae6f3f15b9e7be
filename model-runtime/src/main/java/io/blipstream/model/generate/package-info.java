/** Turns next-token logits into texts, the same way for every engine. */
package io.blipstream.model.generate;
