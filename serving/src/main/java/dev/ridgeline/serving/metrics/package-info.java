/**
 * What a simulation answers: figures over all requests, and the sinks for single requests and
 * batches. Read {@link dev.ridgeline.serving.metrics.Measurements} first.
 */
@NullMarked
package dev.ridgeline.serving.metrics;

import org.jspecify.annotations.NullMarked;
