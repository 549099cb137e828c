/**
 * How long one kernel of a real accelerator takes: launch floors, tiles and waves, cache warmth and
 * the regimes kernels switch between, with a few fitted constants per chip, framework and format.
 *
 * <p>A {@link dev.ridgeline.kernel.KernelFamily} turns a platform and constants into a {@link
 * dev.ridgeline.kernel.Kernel}, which answers with seconds for a shape. Nothing here knows a model
 * or a deployment. Read {@code KernelFamily} first, then {@code Parameter}.
 */
@NullMarked
package dev.ridgeline.kernel;

import org.jspecify.annotations.NullMarked;
