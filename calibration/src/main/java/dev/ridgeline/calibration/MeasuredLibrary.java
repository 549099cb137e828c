package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.measured.MeasuredCurve;
import dev.ridgeline.kernel.measured.MeasuredKernels;
import dev.ridgeline.kernel.measured.MeasuredTimes;
import dev.ridgeline.platform.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Measured tables of one place, each read when an operator first asks for it.
 *
 * <p>How far interpolation is trusted is found by leaving out some hundred rows and curves of each
 * table. Not thread-safe.
 */
public final class MeasuredLibrary implements MeasuredKernels {
  private static final int LOOKED_AT = 400;

  private final Path place;
  private final ColumnNames names;
  private final BiPredicate<String, String> namesChip;
  private final boolean tellsOperator;
  private Optional<String> operator = Optional.empty();
  private final Map<String, Optional<Loaded<?>>> loaded = new HashMap<>();

  /** A table that was read. */
  private record Loaded<S>(MeasuredRows<S> rows, String source) {}

  /**
   * A library that reads nothing yet.
   *
   * @param place a folder, or the only table
   * @param names what its columns are called
   * @param namesChip whether the first text names the chip that the second is the name of
   */
  public MeasuredLibrary(Path place, ColumnNames names, BiPredicate<String, String> namesChip) {
    this(place, names, namesChip, false);
  }

  private MeasuredLibrary(
      Path place, ColumnNames names, BiPredicate<String, String> namesChip, boolean tellsOperator) {
    this.place = place;
    this.names = names;
    this.namesChip = namesChip;
    this.tellsOperator = tellsOperator;
  }

  /**
   * The same for questions about several operators: where the place is one table, its name tells
   * its operator, or else its columns. Without this the operator that is asked for is the one.
   */
  public MeasuredLibrary ofOneOfManyOperators() {
    return new MeasuredLibrary(place, names, namesChip, true);
  }

  /** Whether the place is a table of another operator. */
  private boolean isOfAnother(String asked) {
    if (!tellsOperator || !Files.isRegularFile(place)) {
      return false;
    }
    String known = operator.orElseGet(() -> MeasuredFiles.operatorOf(place, names));
    operator = Optional.of(known);
    return !known.equals(asked);
  }

  @Override
  public <S> Optional<Measured<S>> find(
      KernelFamily<S> family, String variant, Platform platform, Kernel<S> reference) {
    return load(family, platform)
        .flatMap(table -> {
          List<MeasuredCurve<S>> curves = table.rows().curves(variant);
          if (curves.isEmpty()) {
            return Optional.empty();
          }
          var axes = table.rows().table().axes();
          var times = new MeasuredTimes<>(axes, reference, curves);
          long rows = curves.stream().mapToLong(curve -> curve.sizes().length).sum();
          int every = (int) Math.max(1, rows / LOOKED_AT);
          LeftOut errors = LeftOut.of(times, axes, curves, every);
          return Optional.of(
              new Measured<>(times, table.source(), errors.rowBand(), errors.curveBand()));
        });
  }

  @Override
  public String lookedFor() {
    if (operator.isPresent()) {
      return "%s in %s".formatted(operator.get(), place);
    }
    return MeasuredFiles.lookedFor(
            loaded.keySet().stream()
                .map(key -> key.substring(0, key.indexOf(' ')))
                .sorted()
                .toList())
        + " in "
        + place;
  }

  @SuppressWarnings("unchecked") // What is kept under a family's name is of its shape.
  private <S> Optional<Loaded<S>> load(KernelFamily<S> family, Platform platform) {
    String key = family.name() + " " + platform.chip().name();
    Optional<Loaded<?>> known = loaded.get(key);
    if (known == null) {
      known = read(family, platform.chip().name()).map(each -> each);
      loaded.put(key, known);
    }
    return known.map(table -> (Loaded<S>) table);
  }

  @SuppressWarnings("unchecked") // A family's table is found by the family's name.
  private <S> Optional<Loaded<S>> read(KernelFamily<S> family, String chip) {
    var table = (OperatorTable<S>) OperatorTables.named(family.name());
    if (isOfAnother(family.name())) {
      return Optional.empty();
    }
    List<Path> files =
        new MeasuredFiles(family.name(), text -> namesChip.test(text, chip)).in(place);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    String source =
        "measured:"
            + files.stream()
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.joining("+"));
    return Optional.of(new Loaded<>(MeasuredRows.read(table, files, names), source));
  }
}
