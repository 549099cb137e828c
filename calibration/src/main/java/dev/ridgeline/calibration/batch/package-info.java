/**
 * Holds whole runs of models against published ones: requests that start together and run to the
 * end together. A {@link dev.ridgeline.calibration.batch.BatchTable} reads measured rows, {@link
 * dev.ridgeline.calibration.batch.Expression} puts them into the catalog's terms, {@link
 * dev.ridgeline.calibration.batch.OverheadFit} finds what an engine adds to its kernels, and {@link
 * dev.ridgeline.calibration.batch.BatchValidation}, the class to read first, scores it on models
 * that no fit has seen.
 */
@NullMarked
package dev.ridgeline.calibration.batch;

import org.jspecify.annotations.NullMarked;
