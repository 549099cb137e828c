package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What was fitted for one operator on one chip under one release of an engine.
 *
 * @param operator name of the kernel family
 * @param chip catalog name, or {@value #ANY} for constants fitted to several chips at once
 * @param engine as the catalog names it, or a short form of that
 * @param version release of the engine, or what stands for several
 * @param releases the releases it was fitted to, where {@code version} is not the only one
 * @param variants by the names the family gives them
 * @param file where it was read, for messages
 */
public record Profile(
    String operator,
    String chip,
    String engine,
    String version,
    Optional<Releases> releases,
    SequencedMap<String, Variant> variants,
    String file) {
  /** Stands for no chip in particular. */
  public static final String ANY = "any";

  /**
   * How a fit does on rows of families of shapes it has not seen; shares, so 0.1 is 10 %.
   *
   * @param rows how many
   * @param geo exp(mean |ln(predicted/measured)|) - 1
   * @param median of exp |ln(predicted/measured)| - 1
   * @param p90 90th percentile of the same
   * @param bias exp(mean ln(predicted/measured)) - 1
   */
  public record Accuracy(long rows, double geo, double median, double p90, double bias) {}

  /**
   * One variant.
   *
   * @param constants by the names of the family's parameters, in their units
   * @param library what it belongs to where that is not the engine, such as {@code nccl 2.29.2}
   * @param data what it was fitted to
   * @param date day of the fit, such as {@code 2026-11-23}
   * @param rows of the fit
   * @param heldOut error on unseen families of shapes; empty where all rows were fitted
   * @param low factor on a prediction below which one unseen row in ten lies
   * @param high factor on a prediction above which one unseen row in ten lies
   * @param line where it stands in its file; 0 where it was not read from one
   */
  public record Variant(
      SequencedMap<String, Double> constants,
      Optional<String> library,
      String data,
      String date,
      long rows,
      Optional<Accuracy> heldOut,
      double low,
      double high,
      int line) {

    /** Copies the constants. */
    public Variant {
      constants = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(constants));
    }
  }

  /** A profile of a single release. */
  public Profile(
      String operator,
      String chip,
      String engine,
      String version,
      SequencedMap<String, Variant> variants,
      String file) {
    this(operator, chip, engine, version, Optional.empty(), variants, file);
  }

  /** Copies the variants. */
  public Profile {
    variants = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(variants));
  }

  /** The name under which the catalog keeps it. */
  public String name() {
    return "%s--%s--%s-%s".formatted(operator, chip, engine, version);
  }

  /**
   * A variant's constants in the order of the parameters, with its band widened.
   *
   * @param widening factor on the band's logarithms, at least 1
   * @throws InputException where names do not match the family's or a value is out of its range
   */
  FittedConstants constants(
      List<Parameter> parameters, String variant, double widening, String source) {
    Variant fit = Optional.ofNullable(variants.get(variant)).orElseThrow();
    double[] values = new double[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      Parameter parameter = parameters.get(i);
      Double value = fit.constants().get(parameter.name());
      if (value == null) {
        throw problem(variant, fit, parameter.name(), "missing constant").exception();
      }
      if (!(value >= parameter.low() * (1 - 1e-3) && value <= parameter.high() * (1 + 1e-3))) {
        throw problem(
                variant,
                fit,
                parameter.name(),
                "must lie between %s and %s".formatted(parameter.low(), parameter.high()))
            .withValue(value.toString())
            .exception();
      }
      values[i] = value;
    }
    List<String> known = parameters.stream().map(Parameter::name).toList();
    for (String name : fit.constants().keySet()) {
      if (!known.contains(name)) {
        throw problem(variant, fit, name, "unknown constant").withNearest(name, known).exception();
      }
    }
    return new FittedConstants(
        values, Math.pow(fit.low(), widening), Math.pow(fit.high(), widening), source);
  }

  private Problem problem(String variant, Variant fit, String constant, String description) {
    String field = "variants.%s.constants.%s".formatted(variant, constant);
    Problem problem = Problem.of(description).withField(field);
    return fit.line() > 0 ? problem.at(file, fit.line()) : problem.in(file);
  }
}
