package dev.ridgeline.serving.schedule;

import dev.ridgeline.serving.memory.KvBlocks;
import dev.ridgeline.serving.request.RequestTable;

/**
 * What a scheduler works with.
 *
 * @param table of the requests
 * @param options how it is configured
 * @param kv its cache
 * @param speculator draws what comes out of a step
 * @param together whether decoding requests may go on together, see {@link Cohort}; schedules are
 *     the same
 */
record Setting(
    RequestTable table,
    SchedulerOptions options,
    KvBlocks kv,
    Speculator speculator,
    boolean together) {}
