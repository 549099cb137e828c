package dev.ridgeline.events;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random numbers for a simulation: one stream for each purpose, so that drawing more for one does
 * not change what another draws. Same seed and same scope, same numbers.
 *
 * @param seed any number
 */
public record RandomStreams(long seed) {
  /** Of the generators the JDK ships, the general-purpose one its documentation recommends. */
  private static final String ALGORITHM = "L64X128MixRandom";

  /** A fresh stream from its start. */
  public RandomGenerator stream(String scope) {
    long mixed = mix(seed);
    for (int index = 0; index < scope.length(); index++) {
      mixed = mix(mixed ^ scope.charAt(index));
    }
    return RandomGeneratorFactory.of(ALGORITHM).create(mixed);
  }

  /** The streams of a part, such as one replication. */
  public RandomStreams within(String scope, long index) {
    long mixed = mix(seed ^ mix(index));
    for (int at = 0; at < scope.length(); at++) {
      mixed = mix(mixed ^ scope.charAt(at));
    }
    return new RandomStreams(mixed);
  }

  /**
   * The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2660193.2660195).
   */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
