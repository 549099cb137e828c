/**
 * What runs next on one replica: the schedulers of serving engines, each as its engine does it.
 * Read {@link dev.ridgeline.serving.schedule.Scheduler} first, then {@link
 * dev.ridgeline.serving.schedule.UnifiedScheduler} (vLLM V1).
 */
@NullMarked
package dev.ridgeline.serving.schedule;

import org.jspecify.annotations.NullMarked;
