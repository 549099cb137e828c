package dev.ridgeline.calibration;

import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.kernel.MissingFigureException;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Adds predicted times to a table of shapes: {@code predicted_us, low_us, high_us, source}, the
 * rows and their order kept. Rows are streamed; the result appears under its name only when it is
 * whole.
 *
 * @param <S> the shape of one call
 */
public final class Prediction<S> {
  /** Columns that are added, in order. */
  public static final List<String> ADDED = List.of("predicted_us", "low_us", "high_us", "source");

  private static final double MICROSECONDS_PER_SECOND = 1e6;
  private static final int BUFFER_BYTES = 1 << 16;

  private final OperatorTable<S> table;
  private final Platform platform;
  private final KernelProfiles profiles;
  private final Warmth warmth;
  private final Map<String, Fitted<S>> kernels = new HashMap<>();

  private record Fitted<S>(Kernel<S> kernel, FittedConstants constants) {}

  /**
   * Predictions for one operator.
   *
   * @param platform what it runs on
   * @param profiles where constants are found
   * @param warmth what the caches hold
   */
  public Prediction(
      OperatorTable<S> table, Platform platform, KernelProfiles profiles, Warmth warmth) {
    this.table = table;
    this.platform = platform;
    this.profiles = profiles;
    this.warmth = warmth;
  }

  /**
   * Reads one file and writes the other, compressed if its name ends in {@code .gz}. Both may be
   * the same.
   *
   * @return rows written
   * @throws InputException naming file and line, with nothing written, where a row is refused
   */
  public long run(Path in, Path out) {
    try (TableFile rows = TableFile.open(in)) {
      checkHeader(rows);
      Path folder = Optional.ofNullable(out.toAbsolutePath().getParent()).orElse(out);
      Path partial = Files.createTempFile(folder, ".ridgeline", ".part");
      try {
        long written = write(rows, partial, isCompressed(out));
        Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING);
        return written;
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot be written (%s)".formatted(e.getClass().getSimpleName()))
              .in(out.toString()),
          e);
    }
  }

  private static boolean isCompressed(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  private void checkHeader(TableFile rows) {
    table.checkShapes(rows);
    for (String added : ADDED) {
      if (rows.header().contains(added)) {
        throw Problem.of("the table has this column already; it is what a prediction adds")
            .at(rows.name(), 1)
            .withField(added)
            .exception();
      }
    }
  }

  private long write(TableFile rows, Path file, boolean compressed) throws IOException {
    OutputStream bytes = Files.newOutputStream(file);
    try (var text =
        new BufferedWriter(
            new OutputStreamWriter(
                compressed ? new GZIPOutputStream(bytes, BUFFER_BYTES) : bytes,
                StandardCharsets.UTF_8),
            BUFFER_BYTES)) {
      text.write(String.join(",", rows.header()) + "," + String.join(",", ADDED) + "\n");
      var line = new StringBuilder();
      long written = 0;
      for (Optional<TableRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        line.setLength(0);
        append(line, row.get());
        text.append(line);
        written++;
      }
      return written;
    }
  }

  private void append(StringBuilder line, TableRow row) {
    S shape = table.shapeOf(row);
    Fitted<S> fitted = fitted(table.family().variant(shape), row);
    double micros = fitted.kernel().seconds(shape) * MICROSECONDS_PER_SECOND;
    if (!(micros > 0 && micros < Double.POSITIVE_INFINITY)) {
      throw new IllegalStateException(
          "%s:%d: the kernel answered %s us".formatted(row.file(), row.line(), micros));
    }
    line.append(row.raw()).append(',');
    appendNumber(line, micros);
    line.append(',');
    appendNumber(line, micros * fitted.constants().low());
    line.append(',');
    appendNumber(line, micros * fitted.constants().high());
    line.append(',').append(fitted.constants().source()).append('\n');
  }

  private Fitted<S> fitted(String variant, TableRow row) {
    Fitted<S> known = kernels.get(variant);
    if (known == null) {
      known = fit(variant, row);
      kernels.put(variant, known);
    }
    return known;
  }

  private Fitted<S> fit(String variant, TableRow row) {
    try {
      FittedConstants constants =
          profiles
              .find(table.family(), variant, platform.chip())
              .orElseThrow(() ->
                  row.problem(
                          "nothing was fitted for %s of %s, on %s or on anything near it"
                              .formatted(variant, table.operator(), platform.chip().name()))
                      .exception());
      return new Fitted<>(
          table.family().on(platform, variant, warmth, constants.values()), constants);
    } catch (MissingFigureException missing) {
      throw new InputException(row.problem(String.valueOf(missing.getMessage())), missing);
    } catch (UncheckedIOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Six significant digits without an exponent up to a billion. */
  static void appendNumber(StringBuilder into, double value) {
    if (value >= 1e9 || value < 1e-3) {
      into.append(value);
      return;
    }
    double scale = 1;
    double scaled = value;
    while (scaled < 1e5) {
      scale *= 10;
      scaled = value * scale;
    }
    double rounded = Math.rint(scaled) / scale;
    if (rounded == Math.rint(rounded)) {
      into.append((long) rounded);
    } else {
      into.append(rounded);
    }
  }
}
