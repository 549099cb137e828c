/**
 * Predictions of served models held against measurements: whole engines under a closed loop. Read
 * {@link dev.ridgeline.calibration.served.ServedValidation} first.
 */
@NullMarked
package dev.ridgeline.calibration.served;

import org.jspecify.annotations.NullMarked;
