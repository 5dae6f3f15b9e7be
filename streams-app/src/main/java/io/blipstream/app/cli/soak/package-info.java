/**
 * The parts of the command {@code soak}: seeded inputs and what must come of each, seeded
 * disturbances, the processes they hit, and the oracle that compares what went in and came out.
 */
package io.blipstream.app.cli.soak;
