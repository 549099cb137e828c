/**
 * One forward pass of a replica and what it costs. Read {@link dev.ridgeline.serving.batch.Batch}
 * first, then {@link dev.ridgeline.serving.batch.BatchCost}.
 */
@NullMarked
package dev.ridgeline.serving.batch;

import org.jspecify.annotations.NullMarked;
