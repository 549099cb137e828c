package dev.ridgeline.kernel;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import java.util.Optional;

/** Where fitted constants are found; what stands behind it is for others to say. */
@FunctionalInterface
public interface KernelProfiles {

  /**
   * The constants for a chip, or those of the nearest thing that has any.
   *
   * @param variant as {@link KernelFamily#variant} names it
   * @return empty where nothing was ever fitted for that variant
   */
  Optional<FittedConstants> find(KernelFamily<?> family, String variant, Chip chip);

  /**
   * The constants for what crosses a platform's links: those fitted on links of the same medium
   * come first, and what only explains the box they were fitted in stays there.
   *
   * @param crossing what a call crosses; empty where it stays on the chip
   * @return empty where nothing was ever fitted for that variant
   */
  default Optional<FittedConstants> find(
      KernelFamily<?> family, String variant, Platform platform, Optional<Crossing> crossing) {
    return find(family, variant, platform.chip());
  }

  /**
   * The shares of {@link BoardPower} for a chip: its own, those of another of its architecture, or
   * those of a near architecture, carried over by {@link BoardPower#onto}.
   *
   * @param variant an operator with its format, or {@link BoardPower#RUNNING}
   * @return empty where none were fitted
   */
  default Optional<FittedConstants> power(String variant, Chip chip) {
    return Optional.empty();
  }
}
