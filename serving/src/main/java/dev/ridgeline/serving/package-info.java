/**
 * Serving under load: requests arrive, queue, are batched by an engine's scheduler, hold KV blocks,
 * are preempted, and end; out come TTFT, TPOT, TBT and end-to-end percentiles.
 *
 * <p>Read {@link dev.ridgeline.serving.Simulation} first. {@code traffic} says where requests come
 * from, {@code route} to which replica they go, {@code schedule} what runs next there, {@code
 * memory} which blocks hold its cache, {@code batch} what a pass costs, {@code metrics} what is
 * told about it.
 */
@NullMarked
package dev.ridgeline.serving;

import org.jspecify.annotations.NullMarked;
