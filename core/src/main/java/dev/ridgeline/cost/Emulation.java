package dev.ridgeline.cost;

import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an arithmetic runs as on a chip that has no peak for it. A substitution is named, never
 * silent, and never invents a peak.
 */
final class Emulation {
  private Emulation() {}

  /** The arithmetic itself where the chip has it, or the nearest that can stand in. */
  static Arithmetic runsAs(Arithmetic asked, Platform platform) {
    Chip chip = platform.chip();
    if (chip.peak(asked).isPresent()) {
      return asked;
    }
    for (Arithmetic candidate : substitutes(asked)) {
      if (chip.peak(candidate).isPresent()) {
        return candidate;
      }
    }
    String known =
        chip.matrix().keySet().stream().map(Arithmetic::key).collect(Collectors.joining(", "));
    throw new IllegalDeploymentException(
        "precision",
        asked.key(),
        "%s states no peak for it, nor for what could stand in".formatted(chip.name()),
        known);
  }

  /** A note on a substitution, or empty where there is none. */
  static Optional<String> note(Arithmetic asked, Arithmetic runs, Platform platform) {
    if (asked == runs) {
      boolean matrix =
          platform.chip().matrix().isEmpty() || platform.chip().matrix().containsKey(runs);
      return matrix
          ? Optional.empty()
          : Optional.of(
              "%s states no matrix peak for %s: it runs on the vector units"
                  .formatted(platform.chip().name(), asked.key()));
    }
    String how =
        runs.bits() > asked.bits() ? "is read as stored, expanded to and runs as" : "runs as";
    return Optional.of(
        "%s has no %s peak: %s %s %s"
            .formatted(platform.chip().name(), asked.key(), asked.key(), how, runs.key()));
  }

  private static List<Arithmetic> substitutes(Arithmetic asked) {
    return switch (asked) {
      case FP64 -> List.of();
      case FP32 -> List.of();
      case TF32 -> List.of(Arithmetic.FP32);
      case FP16 -> List.of(Arithmetic.BF16, Arithmetic.FP32);
      case BF16 -> List.of(Arithmetic.FP16, Arithmetic.FP32);
      case FP8 -> List.of(Arithmetic.BF16, Arithmetic.FP16, Arithmetic.FP32);
      case INT8 -> List.of(Arithmetic.BF16, Arithmetic.FP16, Arithmetic.FP32);
      case FP6 -> List.of(Arithmetic.FP8, Arithmetic.BF16, Arithmetic.FP16, Arithmetic.FP32);
      case FP4 -> List.of(Arithmetic.FP8, Arithmetic.BF16, Arithmetic.FP16, Arithmetic.FP32);
      case INT4 -> List.of(Arithmetic.INT8, Arithmetic.BF16, Arithmetic.FP16, Arithmetic.FP32);
    };
  }
}
