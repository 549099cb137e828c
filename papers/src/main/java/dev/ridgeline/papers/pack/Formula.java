package dev.ridgeline.papers.pack;

import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.expression.Amount;
import dev.ridgeline.units.expression.Condition;
import dev.ridgeline.units.expression.Expression;
import dev.ridgeline.units.expression.ExpressionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An expression and where it stands.
 *
 * @param expression what to compute
 * @param place where it is written
 */
public record Formula(Expression expression, Node place) {

  /**
   * A condition and where it stands.
   *
   * @param condition what to decide
   * @param text as written
   * @param place where it is written
   */
  public record Test(Condition condition, String text, Node place) {
    /** Whether it holds; what goes wrong is said where it stands. */
    public boolean holds(Function<String, Amount> names) {
      return located(place, () -> condition.holds(names));
    }
  }

  /** Reads a number or a text. */
  public static Formula read(Node node) {
    String text =
        node instanceof ScalarNode scalar && scalar.kind() == ScalarNode.Kind.NUMBER
            ? scalar.text()
            : Scalars.text(node);
    return new Formula(located(node, () -> Expression.parse(text)), node);
  }

  /** Reads a text with a comparison. */
  public static Test readTest(Node node) {
    String text = Scalars.text(node);
    return new Test(located(node, () -> Condition.parse(text)), text, node);
  }

  /** The value; what goes wrong is said where the expression stands. */
  public Amount value(Function<String, Amount> names) {
    return located(place, () -> expression.value(names));
  }

  /** The value in units of {@code unit}; what goes wrong is said where the expression stands. */
  public double in(Amount unit, Function<String, Amount> names) {
    return located(place, () -> expression.value(names).in(unit));
  }

  private static <T> T located(Node place, Supplier<T> action) {
    try {
      return action.get();
    } catch (ExpressionException refused) {
      throw new InputException(place.problem(refused.reason()), refused);
    }
  }
}
