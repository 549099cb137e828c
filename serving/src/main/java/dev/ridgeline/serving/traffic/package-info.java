/** Where requests come from. Read {@link dev.ridgeline.serving.traffic.ArrivalSource} first. */
@NullMarked
package dev.ridgeline.serving.traffic;

import org.jspecify.annotations.NullMarked;
