package dev.ridgeline.kernel;

import dev.ridgeline.workload.NumberFormat;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that records of shapes share. */
final class Shapes {
  private static final List<String> HALVES = List.of("bf16", "fp16");

  private Shapes() {}

  static void atLeastOne(String field, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s %d is below 1".formatted(field, value));
    }
  }

  /**
   * The number format of a name, whatever frameworks call it. Floats of 16 bits stand for each
   * other where there is one of them only: kernels of both take as long.
   */
  static <T> T format(String key, T[] values, Function<T, String> keys) {
    String asked = NumberFormat.commonName(key);
    for (String name : HALVES.contains(asked) ? others(asked) : List.of(asked)) {
      for (T value : values) {
        if (NumberFormat.commonName(keys.apply(value)).equals(name)) {
          return value;
        }
      }
    }
    return named("dtype", key, values, keys);
  }

  private static List<String> others(String half) {
    return Stream.concat(Stream.of(half), HALVES.stream()).toList();
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
