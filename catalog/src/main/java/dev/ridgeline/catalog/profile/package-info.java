/**
 * Constants of kernels that were fitted to measurements: what they are, what they were fitted to,
 * and how well they do on shapes the fit has not seen.
 *
 * <p>A {@link dev.ridgeline.catalog.profile.Profile} is one file: one operator on one chip under
 * one release of an engine, with the constants of each variant. {@link
 * dev.ridgeline.catalog.profile.Profiles} finds the constants for a chip, and where it has none of
 * its own borrows them from a sibling, a near generation or a default, in that order. Read {@code
 * Profile} first.
 */
@NullMarked
package dev.ridgeline.catalog.profile;

import org.jspecify.annotations.NullMarked;
