package dev.ridgeline.papers.genz;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.papers.genz.Scenario.Decode;
import dev.ridgeline.papers.genz.Scenario.Prompt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Tables that GenZ printed, which are not part of the project. */
final class GoldenTable {
  private static final String VARIABLE = "RIDGELINE_REFERENCE";
  private static final String FOLDER = "genz";

  private GoldenTable() {}

  /** A row of {@code golden.csv}. */
  record Row(Map<String, String> fields) {
    String text(String column) {
      return Objects.requireNonNull(fields.get(column), column);
    }

    double number(String column) {
      return Double.parseDouble(text(column));
    }

    int integer(String column) {
      return Integer.parseInt(text(column));
    }

    String id() {
      return text("id");
    }

    boolean answered() {
      return text("status").equals("ok");
    }

    double latencySeconds() {
      return number("latency_ms") * 1e-3;
    }

    /** A value of the {@code extra} column, written {@code key=value}. */
    String extra(String key) {
      return Stream.of(text("extra").split(" "))
          .filter(part -> part.startsWith(key + "="))
          .findFirst()
          .orElseThrow()
          .substring(key.length() + 1);
    }

    Scenario scenario() {
      return new Scenario(
          id(),
          text("phase"),
          text("model"),
          Rates.genz(
              number("tflops"),
              number("hbm_bw_gib_s"),
              number("icn_bw_gib_s"),
              number("icn_latency_us"),
              number("compute_eff"),
              number("memory_eff")),
          number("hbm_gib") * Rates.GIB,
          text("group").equals("offload"),
          integer("tp"),
          integer("ep"),
          integer("pp"),
          text("bits"),
          integer("batch"),
          integer("beam"),
          integer("input_tokens"),
          integer("output_tokens"),
          parts("chunk_prefill").map(Row::prompt).toList(),
          parts("chunk_decode").map(Row::decode).toList());
    }

    private Stream<String> parts(String column) {
      return Stream.of(text(column).split(";")).filter(part -> !part.isEmpty());
    }

    private static Prompt prompt(String text) {
      String[] cachedAndNew = text.split("\\+");
      return new Prompt(1, Long.parseLong(cachedAndNew[0]), Long.parseLong(cachedAndNew[1]));
    }

    /** {@code context}, {@code requests x context}, or prefix and beam counts, then contexts. */
    private static Decode decode(String text) {
      long[] numbers = Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray();
      return switch (numbers.length) {
        case 1 -> new Decode(1, 1, numbers[0] - 1, 1);
        case 2 -> new Decode(numbers[0], 1, numbers[1] - 1, 1);
        default -> new Decode(numbers[0], (int) (numbers[1] / numbers[0]), numbers[2], numbers[3]);
      };
    }
  }

  /** Rows of a table; skips the test where the folder is absent. */
  static List<Row> read(String file) {
    Optional<Path> folder = folder();
    assumeTrue(folder.isPresent(), "no " + FOLDER + " under " + VARIABLE);
    try {
      List<String> lines = Files.readAllLines(folder.orElseThrow().resolve(file));
      List<String> header = cells(lines.getFirst());
      return lines.stream().skip(1).map(line -> new Row(zip(header, cells(line)))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the tables are, if anywhere. */
  static Optional<Path> folder() {
    String stated =
        Optional.ofNullable(System.getenv(VARIABLE)).orElse(System.getProperty(VARIABLE, ""));
    Path start = Path.of(System.getProperty("ridgeline.root", "")).toAbsolutePath();
    Stream<Path> candidates =
        stated.isEmpty()
            ? Stream.iterate(start, Objects::nonNull, Path::getParent)
                .map(root -> root.resolveSibling("shared").resolve("reference"))
            : Stream.of(Path.of(stated));
    return candidates.map(path -> path.resolve(FOLDER)).filter(Files::isDirectory).findFirst();
  }

  private static Map<String, String> zip(List<String> header, List<String> cells) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int column = 0; column < header.size(); column++) {
      fields.put(header.get(column), cells.get(column));
    }
    return fields;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char c : line.toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
