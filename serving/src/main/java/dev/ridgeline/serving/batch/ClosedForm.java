package dev.ridgeline.serving.batch;

import dev.ridgeline.units.Problem;
import dev.ridgeline.units.expression.Aggregation;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.Expression;
import dev.ridgeline.units.expression.ExpressionException;
import dev.ridgeline.units.expression.Unit;
import java.util.List;

/**
 * A batch's time as arithmetic over {@code N} new tokens, {@code S} sequences, {@code D} decoding
 * sequences, {@code K} tokens attended to by decoding sequences (the new one included) and {@code
 * P}, the sum over prefilling sequences of c (p + c/2) for a chunk of c tokens after p. Divided by
 * the number of pipeline stages.
 *
 * <pre>{@code ClosedForm.parse("20 ms + 0.19 ms * N + 41 ns * K + 3.5 ns * P")}</pre>
 */
public final class ClosedForm implements BatchCost {
  /** The names an expression may use. */
  public static final List<String> NAMES = List.of("N", "S", "D", "K", "P");

  private static final String OPTION = "--step-cost";

  /** What is nothing for these batches is nothing at all. */
  private static final List<Double> PROBES = List.of(1.0, 1000.0);

  private final String text;
  private final Term term;
  private final double[] values = new double[NAMES.size()];

  private ClosedForm(String text, Term term) {
    this.text = text;
    this.term = term;
  }

  /**
   * Reads an expression that gives a time.
   *
   * @throws dev.ridgeline.units.InputException for anything else
   */
  public static ClosedForm parse(String text) {
    try {
      Expression expression = Expression.parse(text);
      Unit unit = unitOf(expression);
      if (!unit.equals(Unit.SECOND)) {
        throw refusal(text, "must be a time, such as 20 ms + 0.19 ms * N; this is in " + unit)
            .exception();
      }
      if (PROBES.stream().allMatch(probe -> expression.value(_ -> Amount.of(probe)).value() == 0)) {
        throw refusal(text, "is no time at all; a batch must take some").exception();
      }
      return new ClosedForm(text, Affine.of(compile(expression)));
    } catch (ExpressionException refused) {
      throw refusal(text, refused.reason()).exception();
    }
  }

  /** Values that make no difference vanish by chance, so that only the unit matters. */
  private static Unit unitOf(Expression expression) {
    return expression
        .value(name -> {
          int index = NAMES.indexOf(name);
          if (index < 0) {
            throw new ExpressionException(
                "nothing is called %s; there are %s".formatted(name, String.join(", ", NAMES)));
          }
          return Amount.of(Math.sqrt(101 + 7.3 * index));
        })
        .unit();
  }

  private static Problem refusal(String text, String reason) {
    return Problem.of(reason).withField(OPTION).withValue(text);
  }

  @Override
  public double price(Batch batch, double[] stageSeconds) {
    values[0] = batch.newTokens();
    values[1] = batch.size();
    values[2] = batch.decodes();
    values[3] = batch.decodeContext();
    values[4] = batch.prefillPairs();
    double seconds = term.value(values);
    if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw refusal(
              text,
              "gives %s s at N = %d, S = %d, D = %d, K = %d, P = %s"
                  .formatted(
                      seconds,
                      batch.newTokens(),
                      batch.size(),
                      batch.decodes(),
                      batch.decodeContext(),
                      batch.prefillPairs()))
          .exception();
    }
    double share = seconds / stageSeconds.length;
    for (int stage = 0; stage < stageSeconds.length; stage++) {
      stageSeconds[stage] = share;
    }
    return Double.NaN;
  }

  /** A part of an expression, in base units. */
  private sealed interface Term {
    double value(double[] names);
  }

  private record Constant(double number) implements Term {
    @Override
    public double value(double[] names) {
      return number;
    }
  }

  private record Name(int index) implements Term {
    @Override
    public double value(double[] names) {
      return names[index];
    }
  }

  private record Binary(Expression.Operator operator, Term left, Term right) implements Term {
    @Override
    public double value(double[] names) {
      double one = left.value(names);
      double other = right.value(names);
      return switch (operator) {
        case PLUS -> one + other;
        case MINUS -> one - other;
        case TIMES -> one * other;
        case OVER -> one / other;
      };
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Evaluated for every batch, never compared.
  private record Call(Aggregation function, Term[] arguments) implements Term {
    @Override
    public double value(double[] names) {
      double first = arguments[0].value(names);
      return switch (function) {
        case FLOOR -> Math.floor(first);
        case CEIL -> Math.ceil(first);
        case MIN, MAX, SUM, MEAN, GEOMEAN -> folded(first, names);
      };
    }

    private double folded(double first, double[] names) {
      double folded = first;
      for (int index = 1; index < arguments.length; index++) {
        double next = arguments[index].value(names);
        folded =
            switch (function) {
              case MIN -> Math.min(folded, next);
              case MAX -> Math.max(folded, next);
              case GEOMEAN -> folded * next;
              default -> folded + next;
            };
      }
      return switch (function) {
        case MEAN -> folded / arguments.length;
        case GEOMEAN -> Math.pow(folded, 1.0 / arguments.length);
        default -> folded;
      };
    }
  }

  /** A sum of multiples: what most closed forms are, and the quickest to evaluate. */
  @SuppressWarnings("ArrayRecordComponent") // Evaluated for every batch, never compared.
  private record Affine(double constant, double[] factors) implements Term {
    @Override
    public double value(double[] names) {
      double sum = constant;
      for (int index = 0; index < factors.length; index++) {
        sum += factors[index] * names[index];
      }
      return sum;
    }

    /** The same term, as a sum of multiples where it is one. */
    static Term of(Term term) {
      Term affine = reduced(term);
      return affine instanceof Affine ? affine : term;
    }

    private static Term reduced(Term term) {
      return switch (term) {
        case Affine affine -> affine;
        case Constant(double number) -> new Affine(number, new double[NAMES.size()]);
        case Name(int index) -> {
          double[] factors = new double[NAMES.size()];
          factors[index] = 1;
          yield new Affine(0, factors);
        }
        case Call call -> call;
        case Binary(Expression.Operator operator, Term left, Term right) -> {
          if (!(reduced(left) instanceof Affine one) || !(reduced(right) instanceof Affine other)) {
            yield term;
          }
          yield switch (operator) {
            case PLUS -> one.plus(other, 1);
            case MINUS -> one.plus(other, -1);
            case TIMES ->
                one.isConstant()
                    ? other.times(one.constant)
                    : other.isConstant() ? one.times(other.constant) : term;
            case OVER -> other.isConstant() ? one.times(1 / other.constant) : term;
          };
        }
      };
    }

    private boolean isConstant() {
      for (double factor : factors) {
        if (factor != 0) {
          return false;
        }
      }
      return true;
    }

    private Affine plus(Affine other, double sign) {
      double[] sums = new double[factors.length];
      for (int index = 0; index < sums.length; index++) {
        sums[index] = factors[index] + sign * other.factors[index];
      }
      return new Affine(constant + sign * other.constant, sums);
    }

    private Affine times(double factor) {
      double[] products = new double[factors.length];
      for (int index = 0; index < products.length; index++) {
        products[index] = factor * factors[index];
      }
      return new Affine(factor * constant, products);
    }
  }

  private static Term compile(Expression expression) {
    return switch (expression) {
      case Expression.Constant(Amount amount) -> new Constant(amount.value());
      case Expression.Named(String name) -> new Name(NAMES.indexOf(name));
      case Expression.Binary(Expression.Operator operator, Expression left, Expression right) ->
          new Binary(operator, compile(left), compile(right));
      case Expression.Call(Aggregation function, List<Expression> arguments) ->
          new Call(function, arguments.stream().map(ClosedForm::compile).toArray(Term[]::new));
    };
  }
}
