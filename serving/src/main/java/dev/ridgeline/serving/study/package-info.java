/**
 * Questions that take more than one look at a run: whether it keeps up, what it means over
 * replications, and what load it bears. Read {@link dev.ridgeline.serving.study.Server} first.
 */
@NullMarked
package dev.ridgeline.serving.study;

import org.jspecify.annotations.NullMarked;
