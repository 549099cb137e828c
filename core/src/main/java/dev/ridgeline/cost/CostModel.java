package dev.ridgeline.cost;

import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Program;
import java.util.Optional;

/**
 * A way to price operators. Models form a chain: the first that can price an operator does. A model
 * that lives outside this package joins by implementing this interface.
 */
public interface CostModel {

  /** Name in reports and on the command line. */
  String name();

  /** How the prices of a program's rows combine. */
  Combination combination();

  /** How far the truth may lie from this model's figures. */
  ErrorBand band();

  /**
   * The price of an operator at a site, or empty where this model has none and the next should be
   * asked.
   */
  Optional<OperatorPrice> price(Operator operator, Site site);

  /**
   * As {@link #price(Operator, Site)}, for models whose kernels do the work of several rows.
   *
   * @param row position of the operator in the program
   */
  default Optional<OperatorPrice> price(Program program, int row, Site site) {
    return price(program.rows().get(row).operator(), site);
  }

  /** How rows add up to a step. */
  enum Combination {
    /** One after the other: the sum of the rows' times. */
    SERIAL,
    /** All at once without limit: the largest total of any one resource. */
    OVERLAPPED
  }
}
