package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.Band;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * What was fitted for one operator on one chip under one release of an engine.
 *
 * @param operator name of the kernel family
 * @param chip catalog name, or {@value #ANY} for constants fitted to several chips at once
 * @param engine as the catalog names it, or a short form of that
 * @param version release of the engine, or what stands for several
 * @param releases the releases it was fitted to, where {@code version} is not the only one
 * @param box the platform on which calls from chip to chip were measured; empty where they were not
 *     or the box does not matter
 * @param variants by the names the family gives them
 * @param file where it was read, for messages
 */
public record Profile(
    String operator,
    String chip,
    String engine,
    String version,
    Optional<Releases> releases,
    Optional<String> box,
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
   * How constants were searched.
   *
   * @param seed of the random search
   * @param evaluations of the loss at most
   * @param rows looked at in each
   * @param warmth what the caches held, {@code warm} or {@code cold}
   * @param platform what the calls ran on
   */
  public record Search(long seed, long evaluations, long rows, String warmth, String platform) {}

  /**
   * What a variant was fitted to.
   *
   * @param data name of the table
   * @param date day of the fit, such as {@code 2026-11-23}
   * @param rows of the fit
   * @param search how, where this tool did it
   */
  public record Fit(String data, String date, long rows, Optional<Search> search) {}

  /**
   * One variant.
   *
   * @param constants by the names of the family's parameters, in their units
   * @param library what it belongs to where that is not the engine, such as {@code nccl 2.29.2}
   * @param fit what it was fitted to
   * @param heldOut error on unseen families of shapes; empty where all rows were fitted
   * @param band factors on a prediction below and above which one unseen row in ten lies each
   * @param regimes bands of parts of the shapes, by the names the family gives them; others have
   *     {@code band}
   * @param bandFrom what rows the bands are of, where the profile says so
   * @param line where it stands in its file; 0 where it was not read from one
   */
  public record Variant(
      SequencedMap<String, Double> constants,
      Optional<String> library,
      Fit fit,
      Optional<Accuracy> heldOut,
      Band band,
      SequencedMap<String, Band> regimes,
      Optional<String> bandFrom,
      int line) {

    /** Copies the maps. */
    public Variant {
      constants = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(constants));
      regimes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(regimes));
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

  /** A profile of what no link is crossed for. */
  public Profile(
      String operator,
      String chip,
      String engine,
      String version,
      Optional<Releases> releases,
      SequencedMap<String, Variant> variants,
      String file) {
    this(operator, chip, engine, version, releases, Optional.empty(), variants, file);
  }

  /** Copies the variants. */
  public Profile {
    variants = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(variants));
  }

  /** The same, measured on a platform. */
  public Profile in(String platform) {
    return new Profile(
        operator, chip, engine, version, releases, Optional.of(platform), variants, file);
  }

  /** The name under which the catalog keeps it. */
  public String name() {
    return "%s--%s--%s-%s".formatted(operator, chip, engine, version);
  }

  /**
   * A variant's constants in the order of the parameters, with its bands widened.
   *
   * @param regimes of the family, each of which gets its own band or the variant's
   * @param widening what borrowing does to a band
   * @throws InputException where names do not match the family's or a value is out of its range
   */
  FittedConstants constants(
      List<Parameter> parameters,
      List<String> regimes,
      String variant,
      UnaryOperator<Band> widening,
      String source) {
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
    for (String name : fit.regimes().keySet()) {
      if (!regimes.contains(name)) {
        throw at(fit, Problem.of("unknown regime"))
            .withField("variants.%s.regimes.%s".formatted(variant, name))
            .withNearest(name, regimes)
            .exception();
      }
    }
    Band band = widening.apply(fit.band());
    return new FittedConstants(
        values,
        band.low(),
        band.high(),
        regimes.stream()
            .map(name -> widening.apply(fit.regimes().getOrDefault(name, fit.band())))
            .toList(),
        source);
  }

  private Problem problem(String variant, Variant fit, String constant, String description) {
    String field = "variants.%s.constants.%s".formatted(variant, constant);
    return at(fit, Problem.of(description).withField(field));
  }

  private Problem at(Variant fit, Problem problem) {
    return fit.line() > 0 ? problem.at(file, fit.line()) : problem.in(file);
  }
}
