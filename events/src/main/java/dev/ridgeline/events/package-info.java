/**
 * A deterministic event kernel: integer nanoseconds, a stable order of events at one time, and one
 * random stream for each purpose. It knows nothing of what is simulated.
 *
 * <p>Read {@link dev.ridgeline.events.EventQueue} first.
 */
@NullMarked
package dev.ridgeline.events;

import org.jspecify.annotations.NullMarked;
