/**
 * Measurements of parts of the service, and the report that all of them end in: {@link
 * io.blipstream.app.cli.bench.BenchReport} holds it, {@code BenchTable}, {@code BenchJson} and
 * {@code BenchComparison} show it.
 */
package io.blipstream.app.cli.bench;
