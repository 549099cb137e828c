/**
 * Arithmetic as data: {@code weights / (32 GB/s)}, {@code max(a.tpot_s, b.tpot_s) < 10 ms}.
 *
 * <p>An {@link dev.ridgeline.units.expression.Expression} is read from a text and evaluated over
 * named {@link dev.ridgeline.units.expression.Amount}s. Units are carried through every step, so
 * bytes cannot be added to seconds. Nothing but arithmetic can be said. Read {@code Expression}
 * first.
 */
@NullMarked
package dev.ridgeline.units.expression;

import org.jspecify.annotations.NullMarked;
