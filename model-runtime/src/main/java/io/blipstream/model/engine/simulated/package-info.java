/**
 * A CapFilt that computes nothing and takes a stated time for it: to size a cluster without a GPU,
 * and to let it fail in stated ways.
 */
package io.blipstream.model.engine.simulated;
