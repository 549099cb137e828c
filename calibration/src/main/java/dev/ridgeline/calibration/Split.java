package dev.ridgeline.calibration;

import java.nio.charset.StandardCharsets;

/**
 * Sets a fifth of the families of shapes aside. A family is held out as a whole: rows that differ
 * only in batch or length from a row of the fit say little about how a model does on new shapes.
 *
 * <p>The choice is a hash of the family's key alone (64-bit FNV-1a, RFC 9923), so it is the same
 * for every table, chip and run.
 */
public final class Split {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  /** How many parts there are. Part 0 is held out of every fit. */
  static final int PARTS = 5;

  private Split() {}

  /** Whether rows of this family are kept from the fit. */
  public static boolean heldOut(String familyKey) {
    return part(familyKey) == 0;
  }

  /** The part that rows of this family belong to, below {@link #PARTS}. */
  static int part(String familyKey) {
    return (int) Long.remainderUnsigned(hash(familyKey), PARTS);
  }

  /** The 64-bit FNV-1a hash of a text in UTF-8. */
  static long hash(String text) {
    long hash = OFFSET_BASIS;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * PRIME;
    }
    return hash;
  }
}
