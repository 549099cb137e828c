package dev.ridgeline.calibration;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
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
  private final Answers<S> answers;

  /**
   * Predictions for one operator.
   *
   * @param answers who predicts
   */
  public Prediction(OperatorTable<S> table, Answers<S> answers) {
    this.table = table;
    this.answers = answers;
  }

  /**
   * Reads one file and writes the other, compressed if its name ends in {@code .gz}.
   *
   * @return rows written
   * @throws InputException naming file and line, with nothing written, where a row is refused, or
   *     where both are the same file
   */
  public long run(Path in, Path out) {
    refuseSame(in, out);
    refuseNoFile(out);
    try (TableFile rows = TableFile.open(in)) {
      checkHeader(rows);
      Path folder = Optional.ofNullable(out.toAbsolutePath().getParent()).orElse(out);
      // Made as any new file is, so that its permissions are those the user's mask leaves.
      Path partial =
          folder.resolve(".%s.%d.part".formatted(out.getFileName(), ProcessHandle.current().pid()));
      Thread broken = new Thread(() -> delete(partial), "delete partial table");
      Runtime.getRuntime().addShutdownHook(broken);
      try {
        long written = write(rows, partial, isCompressed(out));
        Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING);
        return written;
      } finally {
        Files.deleteIfExists(partial);
        forget(broken);
      }
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot be written (%s)".formatted(e.getClass().getSimpleName()))
              .in(out.toString()),
          e);
    }
  }

  private static void refuseSame(Path in, Path out) {
    try {
      if (Files.exists(in) && Files.exists(out) && Files.isSameFile(in, out)) {
        throw Problem.of("is the table that is read; name another file to write")
            .in(out.toString())
            .exception();
      }
    } catch (IOException _) {
      // Whatever is wrong is said when the file is opened.
    }
  }

  /** A move would put the table in place of an empty folder. */
  private static void refuseNoFile(Path out) {
    if (Files.isDirectory(out)) {
      throw Problem.of("is a directory, not a file").in(out.toString()).exception();
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw Problem.of("cannot be written: there is no folder %s".formatted(folder))
          .in(out.toString())
          .exception();
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The run is being broken off; there is nobody left to tell.
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The run is being broken off: the hook deletes what is there.
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
    OutputStream bytes =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
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
    Answers.Answer answer = answers.to(shape, row);
    double micros = answer.seconds() * MICROSECONDS_PER_SECOND;
    if (!(micros > 0 && micros < Double.POSITIVE_INFINITY)) {
      throw new IllegalStateException(
          "%s:%d: the kernel answered %s us".formatted(row.file(), row.line(), micros));
    }
    line.append(row.raw()).append(',');
    appendNumber(line, micros);
    line.append(',');
    appendNumber(line, micros * answer.low());
    line.append(',');
    appendNumber(line, micros * answer.high());
    line.append(',').append(answer.source()).append('\n');
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
