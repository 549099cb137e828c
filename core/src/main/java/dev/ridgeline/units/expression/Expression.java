package dev.ridgeline.units.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Arithmetic over named amounts.
 *
 * <pre>{@code
 * Expression ratio = Expression.parse("weights / (32 GB/s) / (weights / (1 TB/s))");
 * Amount value = ratio.value(name -> amounts.get(name));
 * }</pre>
 *
 * <p>It knows numbers, with a unit right after them; {@code + - * /} and parentheses; names of
 * letters, digits, {@code _} and {@code .}; and {@code min, max, sum, mean, geomean, floor, ceil}.
 */
public sealed interface Expression {

  /** Reads a text, or throws {@link ExpressionException}. */
  static Expression parse(String text) {
    return new ExpressionText(text).expression();
  }

  /**
   * The value.
   *
   * @param names what a name stands for
   * @throws ExpressionException where units do not fit, or there is no finite value
   */
  Amount value(Function<String, Amount> names);

  /** A number with its unit. */
  record Constant(Amount amount) implements Expression {
    @Override
    public Amount value(Function<String, Amount> names) {
      return amount;
    }
  }

  /** A name. */
  record Named(String name) implements Expression {
    @Override
    public Amount value(Function<String, Amount> names) {
      return names.apply(name);
    }
  }

  /** Two operands. */
  record Binary(Operator operator, Expression left, Expression right) implements Expression {
    @Override
    public Amount value(Function<String, Amount> names) {
      Amount one = left.value(names);
      Amount other = right.value(names);
      return switch (operator) {
        case PLUS -> one.plus(other);
        case MINUS -> one.minus(other);
        case TIMES -> one.times(other);
        case OVER -> one.over(other);
      };
    }
  }

  /** What joins two operands. */
  enum Operator {
    PLUS,
    MINUS,
    TIMES,
    OVER
  }

  /** A function of one or more arguments. */
  record Call(Aggregation function, List<Expression> arguments) implements Expression {
    /** Copies the list. */
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Amount value(Function<String, Amount> names) {
      List<Amount> values = new ArrayList<>(arguments.size());
      arguments.forEach(argument -> values.add(argument.value(names)));
      return function.of(values);
    }
  }
}
