/**
 * Import of checkpoints: from the Hugging Face hub or a mirror of it, from a link, from a folder,
 * and from files of the original BLIP repository.
 *
 * <p>Start at {@link io.blipstream.model.hub.Importer}. A <em>shelf</em> is where files are taken
 * from, <em>staging</em> the hidden folder where they stay until all of them are verified.
 */
package io.blipstream.model.hub;
