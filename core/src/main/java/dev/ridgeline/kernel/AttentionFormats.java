package dev.ridgeline.kernel;

import dev.ridgeline.workload.NumberFormat;

/** How attention kernels are told apart by what they store. */
final class AttentionFormats {
  private static final int HALF_BITS = 16;

  private AttentionFormats() {}

  /**
   * The key of a storage format in variants. Kernels of one width differ only in the type of an
   * instruction, so all formats of 16 bits and more are one, and all narrower ones another.
   */
  static String key(NumberFormat format) {
    return format.elementBits() >= HALF_BITS ? "bf16" : "fp8";
  }
}
