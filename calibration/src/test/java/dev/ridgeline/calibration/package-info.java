@NullMarked
package dev.ridgeline.calibration;

import org.jspecify.annotations.NullMarked;
