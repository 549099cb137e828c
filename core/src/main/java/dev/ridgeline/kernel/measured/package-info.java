/**
 * Times of kernels that somebody measured, and what lies between them.
 *
 * <p>A {@link dev.ridgeline.kernel.measured.MeasuredTimes} holds the rows of one variant as curves
 * over the size that grows with the work. Between rows it interpolates how far the measurement lies
 * from a reference (the datasheet's roofline, or a kernel with fitted constants), over logarithms
 * of the sizes; it never interpolates a time. Read {@code MeasuredTimes} first, then {@code Axes}.
 */
@NullMarked
package dev.ridgeline.kernel.measured;

import org.jspecify.annotations.NullMarked;
