package dev.ridgeline.calibration;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the tables of an operator on a chip in a folder.
 *
 * <p>A table of ours is called {@code CHIP_OPERATOR.csv}, {@code OPERATOR.csv} or the same with
 * {@code .gz}, the operator with {@code _} for {@code -}. Elsewhere, as in a checkout of
 * AIConfigurator, {@code OPERATOR_perf.parquet} lies somewhere below a folder called as the chip;
 * latent attention has a file for each phase, and collectives one for each library.
 */
final class MeasuredFiles {
  private static final int DEEPEST = 12;

  private final String operator;
  private final Predicate<String> isChip;

  /**
   * @param operator its name on the command line
   * @param isChip whether a text names the chip, or another one or none
   */
  MeasuredFiles(String operator, Predicate<String> isChip) {
    this.operator = operator.replace('-', '_');
    this.isChip = isChip;
  }

  /** The names that tables of operators have, for refusals. */
  static String lookedFor(List<String> operators) {
    return operators.stream()
            .map(each -> "[CHIP_]%s.csv[.gz]".formatted(each.replace('-', '_')))
            .collect(Collectors.joining(", "))
        + " or OPERATOR_perf.parquet below a folder called as the chip,";
  }

  /**
   * The tables below a folder, or the one file named, in order.
   *
   * @return none where no name fits
   */
  List<Path> in(Path place) {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    if (!Files.isDirectory(place)) {
      throw Problem.of("no such file or folder").in(place.toString()).exception();
    }
    try (Stream<Path> files = Files.walk(place, DEEPEST)) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      List<Path> ours = all.stream().filter(this::isOurs).toList();
      if (!ours.isEmpty()) {
        return only(ours);
      }
      List<Path> theirs = all.stream().filter(file -> isTheirs(place.relativize(file))).toList();
      return operator.equals("mla") || operator.equals("comm") || operator.equals("moe_alltoall")
          ? onePerName(theirs)
          : only(theirs);
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot be read (%s)".formatted(e.getClass().getSimpleName()))
              .in(place.toString()),
          e);
    }
  }

  /**
   * The operator of a table: the one its name ends in, else the one whose columns it has.
   *
   * @throws InputException where neither tells
   */
  static String operatorOf(Path file, ColumnNames names) {
    String stem = stem(name(file));
    return OperatorTables.operators().stream()
        .filter(each -> {
          String written = each.replace('-', '_');
          return stem.equals(written)
              || stem.endsWith("_" + written)
              || isTheirs(written, name(file));
        })
        .max(Comparator.comparingInt(String::length))
        .orElseGet(() -> byColumns(file, names));
  }

  private static String byColumns(Path file, ColumnNames names) {
    try (TableFile table = names.open(file)) {
      return OperatorTables.all().stream()
          .filter(each -> table.header().containsAll(each.columns()))
          .map(OperatorTable::operator)
          .findFirst()
          .orElseThrow(() ->
              Problem.of("neither its name nor its columns tell the operator that was measured")
                  .in(file.toString())
                  .withAllowed(
                      OperatorTables.all().stream()
                          .map(each ->
                              "%s (%s)"
                                  .formatted(each.operator(), String.join(", ", each.columns())))
                          .toList())
                  .exception());
    }
  }

  private static String stem(String name) {
    return name.endsWith(".csv.gz")
        ? name.substring(0, name.length() - 7)
        : name.endsWith(".csv") ? name.substring(0, name.length() - 4) : "";
  }

  private boolean isOurs(Path file) {
    String stem = stem(name(file));
    return stem.equals(operator)
        || (stem.endsWith("_" + operator)
            && isChip.test(stem.substring(0, stem.length() - operator.length() - 1)));
  }

  private boolean isTheirs(Path file) {
    boolean chips = file.getNameCount() == 1;
    for (Path part : file) {
      chips |= isChip.test(part.toString());
    }
    return chips && isTheirs(operator, name(file));
  }

  private static boolean isTheirs(String operator, String name) {
    return switch (operator) {
      case "mla" ->
          name.equals("context_mla_perf.parquet") || name.equals("generation_mla_perf.parquet");
      case "comm" ->
          name.equals("nccl_perf.parquet") || name.equals("custom_allreduce_perf.parquet");
      case "moe_alltoall" ->
          name.startsWith("wideep_deepep_") || name.equals("trtllm_alltoall_perf.parquet");
      default -> name.equals(operator + "_perf.parquet");
    };
  }

  private static String name(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  private List<Path> onePerName(List<Path> files) {
    for (Path file : files) {
      only(files.stream().filter(other -> name(other).equals(name(file))).toList());
    }
    return files;
  }

  private List<Path> only(List<Path> files) {
    if (files.size() > 1) {
      throw Problem.of(
              "several tables of %s: name the file, or the folder of one release"
                  .formatted(operator))
          .withAllowed(files.stream().map(Path::toString).toList())
          .exception();
    }
    return files;
  }
}
