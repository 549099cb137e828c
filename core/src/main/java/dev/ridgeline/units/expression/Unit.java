package dev.ridgeline.units.expression;

import dev.ridgeline.units.Dimension;
import java.util.ArrayList;
import java.util.List;

/**
 * A product of powers of the base units.
 *
 * @param seconds exponent of time
 * @param bytes exponent of data
 * @param flops exponent of arithmetic work
 * @param joules exponent of energy
 * @param usd exponent of money
 */
public record Unit(int seconds, int bytes, int flops, int joules, int usd) {
  /** A plain number: counts, ratios, tokens. */
  public static final Unit NONE = new Unit(0, 0, 0, 0, 0);

  /** Time. */
  public static final Unit SECOND = new Unit(1, 0, 0, 0, 0);

  /** Data. */
  public static final Unit BYTE = new Unit(0, 1, 0, 0, 0);

  /** Arithmetic work. */
  public static final Unit FLOP = new Unit(0, 0, 1, 0, 0);

  /** Energy. */
  public static final Unit JOULE = new Unit(0, 0, 0, 1, 0);

  /** Money. */
  public static final Unit DOLLAR = new Unit(0, 0, 0, 0, 1);

  /** The unit of a physical dimension. */
  static Unit of(Dimension dimension) {
    return switch (dimension) {
      case TIME -> SECOND;
      case DATA -> BYTE;
      case DATA_RATE -> BYTE.over(SECOND);
      case COMPUTE -> FLOP;
      case COMPUTE_RATE -> FLOP.over(SECOND);
      case POWER -> JOULE.over(SECOND);
      case ENERGY -> JOULE;
      case ENERGY_PER_BYTE -> JOULE.over(BYTE);
      case ENERGY_PER_FLOP -> JOULE.over(FLOP);
      case MONEY -> DOLLAR;
      case MONEY_RATE -> DOLLAR.over(SECOND);
      case FREQUENCY -> NONE.over(SECOND);
    };
  }

  /** The unit of a product. */
  public Unit times(Unit other) {
    return new Unit(
        seconds + other.seconds,
        bytes + other.bytes,
        flops + other.flops,
        joules + other.joules,
        usd + other.usd);
  }

  /** The unit of a quotient. */
  public Unit over(Unit other) {
    return new Unit(
        seconds - other.seconds,
        bytes - other.bytes,
        flops - other.flops,
        joules - other.joules,
        usd - other.usd);
  }

  /** In base units, such as {@code B/s}; {@code 1} for a plain number. */
  @Override
  public String toString() {
    List<String> above = new ArrayList<>();
    List<String> below = new ArrayList<>();
    factor("B", bytes, above, below);
    factor("FLOP", flops, above, below);
    factor("J", joules, above, below);
    factor("USD", usd, above, below);
    factor("s", seconds, above, below);
    String top = above.isEmpty() ? "1" : String.join("*", above);
    return below.isEmpty() ? top : top + "/" + String.join("/", below);
  }

  private static void factor(String name, int power, List<String> above, List<String> below) {
    if (power != 0) {
      int size = Math.abs(power);
      (power > 0 ? above : below).add(size == 1 ? name : name + "^" + size);
    }
  }
}
