package dev.ridgeline.serving.pool;

/**
 * A machine for a model.
 *
 * @param profile its times
 * @param cacheTokens tokens its memory holds beside the model
 */
public record MachineKind(MachineProfile profile, long cacheTokens) {}
