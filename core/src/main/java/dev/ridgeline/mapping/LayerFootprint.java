package dev.ridgeline.mapping;

/**
 * What one layer holds on one device: the unit that streaming fetches.
 *
 * @param weightBytes its weights
 * @param cache what a sequence keeps in it
 */
public record LayerFootprint(double weightBytes, CacheFootprint cache) {}
