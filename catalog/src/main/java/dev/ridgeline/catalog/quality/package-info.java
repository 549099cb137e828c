/**
 * Published figures of what a stored format does to a model's answers, shown beside cost and never
 * computed with. Read {@link dev.ridgeline.catalog.quality.PublishedQuality} first.
 */
@NullMarked
package dev.ridgeline.catalog.quality;

import org.jspecify.annotations.NullMarked;
