package dev.ridgeline.kernel;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks that records of shapes share. */
final class Shapes {
  private Shapes() {}

  static void atLeastOne(String field, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s %d is below 1".formatted(field, value));
    }
  }

  static <T> T named(String field, String key, T[] values, Function<T, String> keys) {
    for (T value : values) {
      if (keys.apply(value).equals(key)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "%s %s is none of %s"
            .formatted(
                field, key, Arrays.stream(values).map(keys).collect(Collectors.joining(", "))));
  }
}
