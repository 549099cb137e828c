package dev.ridgeline.calibration;

import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.measured.Axes;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How the tables of one operator are read: which columns make a shape, which rows belong together.
 *
 * @param family the kernels that answer for the shapes; its name is the operator's
 * @param axes what of a shape is a size that measurements are interpolated over
 * @param columns what a table must have, apart from {@value #LATENCY}
 * @param shape the shape of a row; an {@link IllegalArgumentException} becomes a refusal of the row
 * @param familyKey what rows have in common that are held out together, see {@link Split}
 * @param regions parts of the shapes that are reported apart
 * @param <S> the shape of one call
 */
public record OperatorTable<S>(
    KernelFamily<S> family,
    Axes<S> axes,
    List<String> columns,
    Function<TableRow, S> shape,
    Function<S, String> familyKey,
    List<Region<S>> regions) {
  /** The column of measured times, in microseconds. */
  public static final String LATENCY = "latency_us";

  /** Largest extent a shape may have: two to the power of 31. */
  public static final long LARGEST = 1L << 31;

  /**
   * A part of the shapes.
   *
   * @param name for reports, such as {@code n,k >= 1024}
   * @param holds whether a shape belongs to it
   * @param <S> the shape of one call
   */
  public record Region<S>(String name, Predicate<S> holds) {}

  /** Copies the lists. */
  public OperatorTable {
    columns = List.copyOf(columns);
    regions = List.copyOf(regions);
  }

  /** The operator's name on the command line. */
  public String operator() {
    return family.name();
  }

  /** Refuses a table that lacks a column of the shape. */
  public void checkShapes(TableFile table) {
    table.require(columns);
  }

  /** Refuses a table that lacks a column of the shape or the measured time. */
  public void checkMeasurements(TableFile table) {
    table.require(Stream.concat(columns.stream(), Stream.of(LATENCY)).toList());
    table.refuseOtherUnits(LATENCY);
  }

  /** The shape that a row describes. */
  public S shapeOf(TableRow row) {
    try {
      return shape.apply(row);
    } catch (IllegalArgumentException illegal) {
      throw row.problem(String.valueOf(illegal.getMessage())).exception();
    }
  }
}
