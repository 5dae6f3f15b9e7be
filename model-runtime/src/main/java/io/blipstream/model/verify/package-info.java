/** Holds what this software computes against a reference's recorded inputs and outputs. */
package io.blipstream.model.verify;
