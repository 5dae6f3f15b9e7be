/**
 * Python's pickle format as data: a reader that builds plain values and never runs anything.
 *
 * <p>Start at {@link io.blipstream.model.checkpoint.pickle.PickleReader}.
 */
package io.blipstream.model.checkpoint.pickle;
