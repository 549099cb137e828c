package dev.ridgeline.units.expression;

import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.Dimension;
import dev.ridgeline.units.Flops;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Hertz;
import dev.ridgeline.units.Joules;
import dev.ridgeline.units.JoulesPerByte;
import dev.ridgeline.units.JoulesPerFlop;
import dev.ridgeline.units.Quantity;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.units.Usd;
import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.units.Watts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What unit symbols are worth: those of all dimensions, and those of counts. */
public final class UnitSymbol {
  private static final double SECONDS_PER_HOUR = 3600;

  private static final Map<String, Amount> COUNTED = new LinkedHashMap<>();

  static {
    for (String count : new String[] {"ratio", "tokens", "experts", "blocks", "steps", "count"}) {
      COUNTED.put(count, Amount.of(1));
    }
    Unit perSecond = Unit.NONE.over(Unit.SECOND);
    COUNTED.put("percent", Amount.of(0.01));
    COUNTED.put("parameters", Amount.of(1));
    COUNTED.put("million parameters", Amount.of(1e6));
    COUNTED.put("billion parameters", Amount.of(1e9));
    COUNTED.put("token/s", new Amount(1, perSecond));
    COUNTED.put("request/s", new Amount(1, perSecond));
    COUNTED.put("sample/s", new Amount(1, perSecond));
    COUNTED.put("FLOP/B", new Amount(1, Unit.FLOP.over(Unit.BYTE)));
  }

  private UnitSymbol() {}

  /** One of the unit of that symbol; empty for an unknown symbol. */
  public static Optional<Amount> worth(String symbol) {
    Amount counted = COUNTED.get(symbol);
    if (counted != null) {
      return Optional.of(counted);
    }
    for (Dimension dimension : Dimension.values()) {
      if (dimension.units().contains(symbol)) {
        return Optional.of(new Amount(one(dimension, "1 " + symbol), Unit.of(dimension)));
      }
    }
    return Optional.empty();
  }

  private static double one(Dimension dimension, String text) {
    Quantity quantity =
        switch (dimension) {
          case TIME -> Seconds.parse(text);
          case DATA -> Bytes.parse(text);
          case DATA_RATE -> BytesPerSecond.parse(text);
          case COMPUTE -> Flops.parse(text);
          case COMPUTE_RATE -> FlopsPerSecond.parse(text);
          case POWER -> Watts.parse(text);
          case ENERGY -> Joules.parse(text);
          case ENERGY_PER_BYTE -> JoulesPerByte.parse(text);
          case ENERGY_PER_FLOP -> JoulesPerFlop.parse(text);
          case MONEY -> Usd.parse(text);
          case MONEY_RATE -> UsdPerHour.parse(text);
          case FREQUENCY -> Hertz.parse(text);
        };
    return dimension == Dimension.MONEY_RATE
        ? quantity.value() / SECONDS_PER_HOUR
        : quantity.value();
  }
}
