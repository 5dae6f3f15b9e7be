package io.blipstream.model.verify;

import java.util.OptionalDouble;

/**
 * What came of one comparison with a reference.
 *
 * @param part folder of the reference that states the expected value, such as {@code filter}
 * @param name what was compared
 * @param ok whether it is within tolerance; a check that could not be done is not
 * @param difference the largest difference, relative to the largest expected number; empty for what
 *     must be equal, and for a check that could not be done
 * @param detail a sentence on what is wrong, or a remark, or empty
 */
public record CheckResult(
    String part, String name, boolean ok, OptionalDouble difference, String detail) {}
