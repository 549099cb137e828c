/**
 * Constants of kernels fitted to measured tables, and predictions held against measurements.
 *
 * <p>A {@link dev.ridgeline.calibration.TableFile} streams a table's rows, an {@link
 * dev.ridgeline.calibration.OperatorTable} says which columns make the shape of which kernel
 * family, {@link dev.ridgeline.calibration.Split} sets whole families of shapes aside, {@link
 * dev.ridgeline.calibration.Fitter} finds the constants and {@link
 * dev.ridgeline.calibration.ErrorFigures} says how far off they leave the rest. Read {@code
 * OperatorTable} first.
 */
@NullMarked
package dev.ridgeline.calibration;

import org.jspecify.annotations.NullMarked;
