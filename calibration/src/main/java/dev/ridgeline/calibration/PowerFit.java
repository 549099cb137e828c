package dev.ridgeline.calibration;

import dev.ridgeline.catalog.profile.Profile;
import dev.ridgeline.kernel.BoardPower;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.kernel.measured.Axes;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Fits {@link BoardPower} to a folder of tables with board power: the shares and the meter of each
 * operator and format, and the shares of all of them together, of which energies are made.
 */
public final class PowerFit {
  /** Readings of each variant in the fit to all. */
  private static final int COMMON_ROWS = 300;

  private static final OperatorTable<PowerReading> TABLE =
      new OperatorTable<>(
          PowerFamily.SINGLE,
          new Axes<>(PowerReading::variant, _ -> List.of(), _ -> 1, (reading, _) -> reading),
          List.of(),
          row -> {
            throw row.problem("readings are read by operator").exception();
          },
          PowerReading::family,
          List.of(new OperatorTable.Region<>("calls >= 100 us", PowerReading::isLong)));

  private final Platform platform;
  private final Measurements<PowerReading> readings = Measurements.none();

  private PowerFit(Platform platform) {
    this.platform = platform;
  }

  /**
   * Reads the tables of a folder ({@code *_OPERATOR_power.csv}, plain or compressed).
   *
   * @throws dev.ridgeline.units.InputException where there is none, or one cannot be read
   */
  public static PowerFit read(Path folder, Platform platform) {
    var fit = new PowerFit(platform);
    int tables = 0;
    for (PowerTable<?> table : PowerTable.all()) {
      for (Path file : files(folder, table.table().operator())) {
        fit.add(table, file);
        tables++;
      }
    }
    if (tables == 0) {
      throw Problem.of("no tables called *_OPERATOR_power.csv").in(folder.toString()).exception();
    }
    return fit;
  }

  private static List<Path> files(Path folder, String operator) {
    String ending = "_%s_power.csv".formatted(operator.replace('-', '_'));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(
              file -> file.toString().endsWith(ending) || file.toString().endsWith(ending + ".gz"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder.toString(), e);
    }
  }

  private <S> void add(PowerTable<S> table, Path file) {
    try (TableFile rows = TableFile.open(file)) {
      table.table().checkMeasurements(rows);
      rows.require(List.of(PowerTable.WATTS, PowerTable.LIMIT));
      for (Optional<TableRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        PowerReading reading = PowerReading.of(table, row.get(), platform.chip());
        readings.add(reading.variant(), reading.family(), reading, reading.watts());
      }
    }
  }

  /** The readings, by variant. */
  public Measurements<PowerReading> readings() {
    return readings;
  }

  /**
   * A fit of these readings.
   *
   * @param data what the profile calls the tables
   */
  public Calibration<PowerReading> calibration(
      Fitter.Settings settings, String data, String date, Map<String, String> libraries) {
    return new Calibration<>(TABLE, platform, Warmth.WARM, settings, data, date, libraries);
  }

  /**
   * The shares of the running draw that all variants have in common, each with a meter of its own.
   * Its error and band are those of long calls, whose meters hardly matter.
   */
  public Profile.Variant common(Calibration<PowerReading> calibration, Fitter.Progress progress) {
    List<String> variants = readings.variants();
    var family = new PowerFamily(variants);
    Fitter.Settings settings =
        calibration.settings().with(calibration.settings().evaluations(), COMMON_ROWS);
    Map<Integer, List<Sample<PowerReading>>> parts = new TreeMap<>();
    for (String variant : variants) {
      for (Sample<PowerReading> sample : readings.fittedByPart(variant, platform, Warmth.WARM)) {
        int part = Split.part(sample.shapes().getFirst().family());
        parts.computeIfAbsent(part, _ -> new ArrayList<>()).add(sample);
      }
    }
    List<Sample<PowerReading>> all = byVariant(parts.values());
    double[] found =
        Fitter.fit(family, all, List.of(Fitter.typical(family)), settings, progress).constants();
    List<List<Sample<PowerReading>>> apart = List.copyOf(parts.values());
    List<Sample<PowerReading>> longCalls = apart.stream().map(PowerFit::longCalls).toList();
    LeftOutBands bands =
        LeftOutBands.of(
            new Running(),
            longCalls,
            apart.stream()
                .flatMap(List::stream)
                .flatMap(sample -> sample.shapes().stream())
                .map(reading -> reading.variant() + reading.family())
                .distinct()
                .count(),
            found,
            (part, _) -> {
              List<List<Sample<PowerReading>>> rest = new ArrayList<>(apart);
              rest.remove(part);
              return Fitter.refine(family, byVariant(rest), found, settings, progress).constants();
            });
    double[] running = PowerFamily.running(found);
    SequencedMap<String, Double> named = new LinkedHashMap<>();
    List<Parameter> parameters = BoardPower.parameters();
    for (int i = 0; i < running.length; i++) {
      named.put(parameters.get(i).name(), running[i]);
    }
    return new Profile.Variant(
        named,
        Optional.empty(),
        new Profile.Fit(
            calibration.data(),
            calibration.date(),
            all.stream().mapToLong(Sample::size).sum(),
            Optional.of(calibration.search())),
        heldOut(running),
        bands.all(),
        bands.regimes(),
        Optional.of(bands.from()),
        0);
  }

  private Optional<Profile.Accuracy> heldOut(double[] running) {
    var errors = new ErrorFigures.Collector();
    BoardPower power = BoardPower.of(running);
    for (String variant : readings.allVariants()) {
      readings
          .heldOut(variant, platform, Warmth.WARM)
          .ifPresent(sample ->
              sample.shapes().stream()
                  .filter(PowerReading::isLong)
                  .forEach(reading -> errors.add(reading.running(power), reading.watts())));
    }
    if (errors.size() == 0) {
      return Optional.empty();
    }
    ErrorFigures found = errors.figures();
    return Optional.of(
        new Profile.Accuracy(found.rows(), found.geo(), found.median(), found.p90(), found.bias()));
  }

  /** One sample for each variant. */
  private static List<Sample<PowerReading>> byVariant(
      Collection<List<Sample<PowerReading>>> parts) {
    Map<String, List<PowerReading>> all = new TreeMap<>();
    parts.stream()
        .flatMap(List::stream)
        .forEach(sample ->
            all.computeIfAbsent(sample.variant(), _ -> new ArrayList<>()).addAll(sample.shapes()));
    Platform platform = parts.iterator().next().getFirst().platform();
    return all.entrySet().stream()
        .map(entry -> sample(platform, entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Sample<PowerReading> longCalls(List<Sample<PowerReading>> part) {
    List<PowerReading> readings =
        part.stream()
            .flatMap(sample -> sample.shapes().stream())
            .filter(PowerReading::isLong)
            .toList();
    return sample(part.getFirst().platform(), BoardPower.RUNNING, readings);
  }

  private static Sample<PowerReading> sample(
      Platform platform, String variant, List<PowerReading> readings) {
    return new Sample<>(
        platform,
        variant,
        Warmth.WARM,
        readings,
        readings.stream().mapToDouble(PowerReading::watts).toArray());
  }

  /** The running draw, with constants of a fit to all meters. */
  private static final class Running implements KernelFamily<PowerReading> {
    @Override
    public String name() {
      return BoardPower.OPERATOR;
    }

    @Override
    public String variant(PowerReading reading) {
      return BoardPower.RUNNING;
    }

    @Override
    public List<Parameter> parameters() {
      return BoardPower.parameters();
    }

    @Override
    public Kernel<PowerReading> on(
        Platform platform, String variant, Warmth warmth, double[] constants) {
      BoardPower power =
          BoardPower.of(PowerFamily.running(Arrays.copyOf(constants, parameters().size())));
      return reading -> reading.running(power);
    }
  }
}
