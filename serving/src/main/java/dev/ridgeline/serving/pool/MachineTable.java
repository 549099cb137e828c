package dev.ridgeline.serving.pool;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measured times of machines, read from CSV with the columns {@code model, hardware,
 * tensor_parallel, batch_tokens, prompt_time_ms, token_time_ms}.
 *
 * @param file where it came from
 * @param profiles by model and hardware, such as {@code bloom-176b h100-80gb 8}
 */
public record MachineTable(String file, Map<String, MachineProfile> profiles) {
  private static final List<String> COLUMNS =
      List.of(
          "model",
          "hardware",
          "tensor_parallel",
          "batch_tokens",
          "prompt_time_ms",
          "token_time_ms");
  private static final double MILLI = 1e-3;

  /** Copies the map. */
  public MachineTable {
    profiles = Map.copyOf(profiles);
  }

  /** Reads a table, or throws {@link InputException}. */
  public static MachineTable read(Path path) {
    String file = path.toString();
    List<String> lines;
    try {
      lines = Files.readAllLines(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InputException(
          Problem.of("cannot be read (%s)".formatted(e.getClass().getSimpleName())).in(file), e);
    }
    if (lines.isEmpty() || !lines.getFirst().strip().equals(String.join(",", COLUMNS))) {
      throw Problem.of("must start with the columns " + String.join(",", COLUMNS))
          .at(file, 1)
          .exception();
    }
    Map<String, TreeMap<Double, double[]>> points = new LinkedHashMap<>();
    for (int line = 2; line <= lines.size(); line++) {
      String row = lines.get(line - 1);
      if (!row.isBlank()) {
        add(row, file, line, points);
      }
    }
    Map<String, MachineProfile> profiles = new LinkedHashMap<>();
    points.forEach((key, byTokens) -> profiles.put(key, profile(key, byTokens, file)));
    return new MachineTable(file, profiles);
  }

  private static void add(
      String row, String file, int line, Map<String, TreeMap<Double, double[]>> points) {
    String[] fields = row.split(",", -1);
    if (fields.length != COLUMNS.size()) {
      throw Problem.of("has %d fields, the header %d".formatted(fields.length, COLUMNS.size()))
          .at(file, line)
          .withValue(row)
          .exception();
    }
    String key = String.join(" ", fields[0].strip(), fields[1].strip(), fields[2].strip());
    double[] numbers = new double[3];
    for (int index = 0; index < numbers.length; index++) {
      numbers[index] = positive(fields[3 + index], COLUMNS.get(3 + index), file, line);
    }
    points
        .computeIfAbsent(key, _ -> new TreeMap<>())
        .put(numbers[0], new double[] {MILLI * numbers[1], MILLI * numbers[2]});
  }

  private static double positive(String text, String column, String file, int line) {
    try {
      double value = Double.parseDouble(text.strip());
      if (value > 0 && Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw Problem.of("must be a number above zero")
        .at(file, line)
        .withField(column)
        .withValue(text)
        .exception();
  }

  private static MachineProfile profile(
      String key, TreeMap<Double, double[]> byTokens, String file) {
    if (byTokens.size() < 2) {
      throw Problem.of("has one batch size only").in(file).withValue(key).exception();
    }
    int size = byTokens.size();
    double[] tokens = new double[size];
    double[] prompt = new double[size];
    double[] token = new double[size];
    int at = 0;
    for (Map.Entry<Double, double[]> point : byTokens.entrySet()) {
      tokens[at] = point.getKey();
      prompt[at] = point.getValue()[0];
      token[at] = point.getValue()[1];
      at++;
    }
    return new MachineProfile(key, tokens, prompt, token);
  }

  /** The profile of a model on a machine. */
  public MachineProfile profile(String model, String hardware, int tensorParallel) {
    String key = "%s %s %d".formatted(model, hardware, tensorParallel);
    MachineProfile profile = profiles.get(key);
    if (profile == null) {
      throw Problem.of("has no such machine")
          .in(file)
          .withValue(key)
          .withNearest(key, profiles.keySet().stream().sorted().toList())
          .exception();
    }
    return profile;
  }
}
