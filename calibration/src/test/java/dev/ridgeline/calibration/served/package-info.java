@NullMarked
package dev.ridgeline.calibration.served;

import org.jspecify.annotations.NullMarked;
