/**
 * Gathers single requests of all stream threads into batches for a device, without waiting under
 * load.
 */
package io.blipstream.app.batching;
