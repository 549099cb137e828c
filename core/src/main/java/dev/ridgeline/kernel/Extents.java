package dev.ridgeline.kernel;

/** Refuses shapes that no kernel could run. */
final class Extents {
  private Extents() {}

  static void positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s must be at least 1, was %d".formatted(name, value));
    }
  }

  static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("%s must not be negative, was %d".formatted(name, value));
    }
  }

  static void heads(long heads, long kvHeads) {
    positive("heads", heads);
    positive("kv heads", kvHeads);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "heads must be a multiple of kv heads, were %d and %d".formatted(heads, kvHeads));
    }
  }
}
