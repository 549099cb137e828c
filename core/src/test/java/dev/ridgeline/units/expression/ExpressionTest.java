package dev.ridgeline.units.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static Amount value(String text) {
    return Expression.parse(text).value(name -> named(name));
  }

  private static Amount named(String name) {
    return switch (name) {
      case "two", "T" -> Amount.of(2);
      case "a.tpot_s" -> new Amount(0.01, Unit.SECOND);
      default -> throw new ExpressionException("nothing is called " + name);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 + 2 * 3                | 7      | 1
          (1 + 2) * 3              | 9      | 1
          10 - 4 - 3               | 3      | 1
          24 / 4 / 2               | 3      | 1
          1e3 + 2.5e-1             | 1000.25| 1
          two*two                  | 4      | 1
          20ms/T                   | 0.01   | s
          10 GB / (2 GB/s)         | 5      | s
          10 GiB                   | 10737418240 | B
          2 * 3 TFLOP/s * 1 ms     | 6e9    | FLOP
          100 W * 2 s              | 200    | J
          3600 USD/h * 1 s         | 1      | USD
          8 Gbit/s                 | 1e9    | B/s
          85 percent               | 0.85   | 1
          2 GFLOP / 4 GB           | 0.5    | FLOP/B
          1 / a.tpot_s             | 100    | 1/s
          min(3, two, 5)           | 2      | 1
          max(1 ms, 2 us)          | 0.001  | s
          sum(1, 2, 3)             | 6      | 1
          mean(1 s, 2 s, 6 s)      | 3      | s
          geomean(1, 10, 100)      | 10     | 1
          floor(47.5) + ceil(17.9) | 65     | 1
          """)
  void computesWithUnits(String text, double expected, String unit) {
    Amount amount = value(text);
    assertThat(amount.value()).isCloseTo(expected, within(1e-12 * expected));
    assertThat(amount.unit().toString()).isEqualTo(unit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 s + 1 B         | s cannot be added to B
          1 s - 1           | s cannot be subtracted from 1
          max(1 s, 1 B)     | the max of s and B makes no sense
          floor(1 s)        | floor takes one plain number
          floor(1, 2)       | floor takes one plain number
          geomean(0, 1)     | a geometric mean needs amounts above zero
          1 / 0             | division by zero
          1e300 * 1e300     | the result is not a finite number
          three             | nothing is called three
          """)
  void refusesWhatHasNoValue(String text, String reason) {
    assertThatThrownBy(() -> value(text))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 +",
        "(1",
        "1)",
        "1 2",
        "* 2",
        "-1",
        "median(1, 2)",
        "max()",
        "1 parsec",
        "1 GB/experts",
        "a ^ b",
        "${x}",
        "a; b",
        "\"text\"",
        "1 < 2"
      })
  void refusesWhatIsNoExpression(String text) {
    assertThatThrownBy(() -> Expression.parse(text)).isInstanceOf(ExpressionException.class);
  }

  @Test
  void refusesLongAndDeepTexts() {
    assertThatThrownBy(() -> Expression.parse("1 + ".repeat(1000) + "1"))
        .isInstanceOf(ExpressionException.class);
    assertThatThrownBy(() -> Expression.parse("(".repeat(500) + "1" + ")".repeat(500)))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("nested");
  }

  @ParameterizedTest
  @CsvSource({
    "1 < 2, true",
    "2 < 2, false",
    "2 <= 2, true",
    "0.1 + 0.2 = 0.3, true",
    "1 ms = 1000 us, true",
    "2 >= 3, false",
    "3 > 2, true",
    "0.1 + 0.2 > 0.3, false"
  })
  void decidesConditions(String text, boolean holds) {
    assertThat(Condition.parse(text).holds(ExpressionTest::named)).isEqualTo(holds);
  }

  @Test
  void comparesOnlyWhatHasOneUnit() {
    assertThatThrownBy(() -> Condition.parse("1 s < 1 B").holds(ExpressionTest::named))
        .hasMessageContaining("s cannot be compared with B");
    assertThatThrownBy(() -> Condition.parse("1 + 2")).isInstanceOf(ExpressionException.class);
    assertThatThrownBy(() -> Condition.parse("1 < 2 < 3")).isInstanceOf(ExpressionException.class);
  }
}
