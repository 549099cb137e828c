package dev.ridgeline.calibration;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Streams the rows of a table of comma-separated values: UTF-8, plain or compressed by gzip (told
 * by its first bytes), a header in the first line. A cell that begins with a quote ends with the
 * next one (RFC 4180, within a line). Blank lines at the end are no rows. One row is held at a
 * time.
 *
 * <p>Every method throws {@link InputException}, naming file and line, for what it cannot read.
 */
public final class TableFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final char QUOTE = '"';
  private static final char BYTE_ORDER_MARK = '\ufeff';

  /** Characters of a line that a message repeats. */
  private static final int MOST_QUOTED = 40;

  /** Units other than the one wanted, by how their columns end. */
  private static final List<String> OTHER_UNITS = List.of("_ns", "_ms", "_s", "_seconds");

  private final String name;
  private final Source source;
  private final List<String> header;
  private final Map<String, Integer> index;
  private int line = 1;

  /** Where lines come from. */
  interface Source extends AutoCloseable {
    /** The next line; empty at the end. */
    Optional<String> next() throws IOException;

    @Override
    void close() throws IOException;
  }

  private TableFile(String name, Source source, UnaryOperator<String> columnNames) {
    this.name = name;
    this.source = source;
    String first = readLine().orElseThrow(() -> Problem.of("is empty").in(name).exception());
    String names =
        !first.isEmpty() && first.charAt(0) == BYTE_ORDER_MARK ? first.substring(1) : first;
    this.header = split(names).stream().map(String::strip).map(columnNames).toList();
    this.index = indexOf(header);
  }

  /**
   * Reads lines that come from elsewhere, the header first.
   *
   * @param columnNames what a column is called, from what the header calls it
   */
  static TableFile of(String name, Source source, UnaryOperator<String> columnNames) {
    return new TableFile(name, source, columnNames);
  }

  /** Opens a file and reads its header. */
  public static TableFile open(Path file) {
    return open(file, UnaryOperator.identity());
  }

  /**
   * As {@link #open(Path)}, with columns renamed.
   *
   * @param columnNames what a column is called, from what the header calls it
   */
  static TableFile open(Path file, UnaryOperator<String> columnNames) {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw Problem.of("is a directory, not a file").in(name).exception();
    }
    if (!Files.exists(file)) {
      throw Problem.of("no such file").in(name).exception();
    }
    try {
      return open(name, Files.newInputStream(file), columnNames);
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot be read (%s)".formatted(e.getClass().getSimpleName())).in(name), e);
    }
  }

  /** Reads from a stream, which {@link #close} closes; {@code name} stands in messages. */
  public static TableFile open(String name, InputStream stream) {
    return open(name, stream, UnaryOperator.identity());
  }

  private static TableFile open(
      String name, InputStream stream, UnaryOperator<String> columnNames) {
    try {
      var decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      var text = new InputStreamReader(expanded(stream), decoder);
      return new TableFile(name, new Lines(new BufferedReader(text, BUFFER_BYTES)), columnNames);
    } catch (IOException e) {
      throw new InputException(unreadable(name, 1, e), e);
    }
  }

  private record Lines(BufferedReader reader) implements Source {
    @Override
    public Optional<String> next() throws IOException {
      return Optional.ofNullable(reader.readLine());
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private static InputStream expanded(InputStream stream) throws IOException {
    InputStream buffered = new BufferedInputStream(stream, BUFFER_BYTES);
    buffered.mark(2);
    boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
  }

  /** What messages call the file. */
  public String name() {
    return name;
  }

  /** The columns, in order. */
  public List<String> header() {
    return header;
  }

  /** Refuses a table that lacks one of these columns, naming all that are missing. */
  public void require(List<String> columns) {
    List<String> missing = columns.stream().filter(column -> !index.containsKey(column)).toList();
    if (missing.isEmpty()) {
      return;
    }
    List<String> spare = header.stream().filter(column -> !columns.contains(column)).toList();
    List<String> likely =
        missing.stream()
            .flatMap(column ->
                ForeignColumns.likely(column, spare)
                    .map(other -> "%s (for %s)".formatted(other, column))
                    .stream())
            .toList();
    throw Problem.of(
            "the table has no column %s%s; it needs %s"
                .formatted(
                    missing.stream().map(Problem::quoted).collect(Collectors.joining(", ")),
                    missing.stream().map(this::otherUnit).collect(Collectors.joining()),
                    String.join(", ", columns)))
        .at(name, 1)
        .withSuggestions(likely)
        .exception();
  }

  /** Refuses a table with a column that says the same as {@code column} in another unit. */
  public void refuseOtherUnits(String column) {
    int unit = column.lastIndexOf('_');
    for (String other : OTHER_UNITS) {
      String twin = column.substring(0, unit) + other;
      if (!twin.equals(column) && index.containsKey(twin)) {
        throw Problem.of("two units for one thing: times are read in %s only".formatted(column))
            .at(name, 1)
            .withField(twin)
            .exception();
      }
    }
  }

  private String otherUnit(String column) {
    int unit = column.lastIndexOf('_');
    String stem = unit < 0 ? column : column.substring(0, unit);
    return OTHER_UNITS.stream()
        .map(other -> stem + other)
        .filter(index::containsKey)
        .findFirst()
        .map("; convert \"%s\""::formatted)
        .orElse("");
  }

  /** The next row; empty at the end. */
  public Optional<TableRow> next() {
    line++;
    Optional<String> text = readLine();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().isBlank() && header.size() > 1) {
      return endOfBlanks();
    }
    List<String> cells = split(text.get());
    if (cells.size() != header.size()) {
      throw Problem.of("the row has %d cells, the header %d".formatted(cells.size(), header.size()))
          .at(name, line)
          .exception();
    }
    return Optional.of(new TableRow(name, line, text.get(), index, cells));
  }

  /** Nothing may come after a blank line but others. */
  private Optional<TableRow> endOfBlanks() {
    for (Optional<String> text = readLine(); text.isPresent(); text = readLine()) {
      if (!text.get().isBlank()) {
        throw Problem.of("a blank line stands between rows").at(name, line).exception();
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw new InputException(unreadable(name, line, e), e);
    }
  }

  private Optional<String> readLine() {
    try {
      return source.next();
    } catch (IOException e) {
      throw new InputException(unreadable(name, line, e), e);
    }
  }

  private static Problem unreadable(String name, int line, IOException cause) {
    String what =
        switch (cause) {
          case EOFException _ -> "the compressed file ends too early";
          case ZipException _ -> "the compressed file is damaged";
          case CharacterCodingException _ -> "is not a text file in UTF-8";
          default -> "cannot be read (%s)".formatted(cause.getClass().getSimpleName());
        };
    return Problem.of(what).at(name, line);
  }

  private Map<String, Integer> indexOf(List<String> names) {
    Map<String, Integer> positions = HashMap.newHashMap(names.size());
    for (String column : names) {
      if (column.isEmpty()) {
        throw Problem.of("a column has no name").at(name, 1).exception();
      }
      if (positions.putIfAbsent(column, positions.size()) != null) {
        throw Problem.of("the header names a column twice")
            .at(name, 1)
            .withField(column)
            .exception();
      }
    }
    return positions;
  }

  private List<String> split(String text) {
    List<String> cells = new ArrayList<>();
    int start = 0;
    for (int comma = endOfCell(text, start); comma >= 0; comma = endOfCell(text, start)) {
      cells.add(unquoted(text.substring(start, comma)));
      start = comma + 1;
    }
    cells.add(unquoted(text.substring(start)));
    return Arrays.asList(cells.toArray(String[]::new));
  }

  private int endOfCell(String text, int start) {
    if (start >= text.length() || text.charAt(start) != QUOTE) {
      return text.indexOf(',', start);
    }
    int from = start + 1;
    for (int quote = text.indexOf(QUOTE, from); quote >= 0; quote = text.indexOf(QUOTE, from)) {
      if (quote + 1 == text.length() || text.charAt(quote + 1) == ',') {
        return quote + 1 == text.length() ? -1 : quote + 1;
      }
      from = quote + 2;
    }
    throw Problem.of("the quote that opens a cell is not closed on its line")
        .at(name, line)
        .withValue(shortened(text.substring(start)))
        .exception();
  }

  private static String shortened(String text) {
    return text.length() <= MOST_QUOTED ? text : text.substring(0, MOST_QUOTED) + "...";
  }

  private static String unquoted(String cell) {
    boolean quoted =
        cell.length() > 1 && cell.charAt(0) == QUOTE && cell.charAt(cell.length() - 1) == QUOTE;
    return quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
  }
}
