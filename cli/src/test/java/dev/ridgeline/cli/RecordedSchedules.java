package dev.ridgeline.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What other simulators did with the same requests, and how to ask for the same. */
final class RecordedSchedules {
  private static final String VARIABLE = "RIDGELINE_REFERENCE";
  private static final JsonMapper JSON = new JsonMapper();

  private RecordedSchedules() {}

  static Path folder() {
    String stated =
        Optional.ofNullable(System.getenv(VARIABLE)).orElse(System.getProperty(VARIABLE, ""));
    Stream<Path> candidates =
        stated.isEmpty()
            ? Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .map(folder -> folder.resolveSibling("shared").resolve("reference"))
            : Stream.of(Path.of(stated));
    Optional<Path> found =
        candidates.map(path -> path.resolve("serving")).filter(Files::isDirectory).findFirst();
    assumeTrue(found.isPresent(), "no serving under " + VARIABLE);
    return found.orElseThrow();
  }

  /** Recorded runs of a family that have single batches. */
  static List<String> names(String family) {
    try (Stream<Path> files = Files.list(folder().resolve(family))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".iters400.csv"))
          .map(name -> name.substring(0, name.length() - ".iters400.csv".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String[]> rows(String family, String file) {
    try (Stream<String> lines = Files.lines(folder().resolve(family).resolve(file))) {
      return lines.skip(1).map(line -> line.split(",", -1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String[]> rows(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.skip(1).map(line -> line.split(",", -1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode parameters(String family, String name) {
    try {
      Path file = folder().resolve(family).resolve(name + ".json");
      return JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String cost(JsonNode parameters, String context) {
    JsonNode coefficients = parameters.get("coef");
    return "%s ms + %s ms * N + %s ms * %s + %s ms * P"
        .formatted(
            coefficients.get("c0").asDouble(),
            coefficients.get("c1").asDouble(),
            coefficients.get("c2").asDouble(),
            context,
            coefficients.get("c3").asDouble());
  }

  /** The command line of a run of Vidur. */
  static List<String> vidur(String name) {
    JsonNode parameters = parameters("vidur", name);
    Map<String, String> arguments = new java.util.HashMap<>();
    List<String> words = new ArrayList<>();
    parameters.get("args").forEach(node -> words.add(node.asString()));
    for (int index = 0; index + 1 < words.size(); index++) {
      if (words.get(index).startsWith("--") && !words.get(index + 1).startsWith("--")) {
        arguments.put(words.get(index), words.get(index + 1));
      }
    }
    String type = arguments.getOrDefault("--replica_scheduler_config_type", "");
    String trace = arguments.getOrDefault("--trace_request_generator_config_trace_file", "");
    List<String> command =
        new ArrayList<>(
            List.of(
                "simulate",
                "--trace",
                folder().resolve(trace).toString(),
                "--time-scale",
                arguments.getOrDefault("--trace_request_generator_config_time_scale_factor", "1"),
                "--scheduler",
                type.equals("vllm") ? "vllm-v0" : type,
                "--step-cost",
                cost(parameters, "K"),
                "--kv-blocks",
                Long.toString((long) parameters.get("num_blocks").asDouble()),
                "--block-size",
                Integer.toString(parameters.get("block_size").asInt()),
                "--max-sequences",
                Long.toString((long) parameters.get("max_batch_size").asDouble()),
                "--pipeline-stages",
                arguments.getOrDefault("--replica_config_num_pipeline_stages", "1"),
                "--replicas",
                arguments.getOrDefault("--cluster_config_num_replicas", "1")));
    if (type.equals("sarathi")) {
      command.add("--chunk");
      command.add(arguments.getOrDefault("--sarathi_scheduler_config_chunk_size", "512"));
    }
    return command;
  }

  /** The command line of a run of the port of vLLM's scheduler; it counts a token less each. */
  static List<String> unified(String name, Path trace, String timeScale) {
    JsonNode parameters = parameters("vllm-v1", name);
    List<String> command =
        new ArrayList<>(
            List.of(
                "simulate",
                "--trace",
                trace.toString(),
                "--time-scale",
                timeScale,
                "--scheduler",
                "vllm-v1",
                "--step-cost",
                cost(parameters, "(K - D)"),
                "--kv-blocks",
                parameters.get("num_blocks").asString(),
                "--block-size",
                parameters.get("block_size").asString(),
                "--max-sequences",
                parameters.get("max_num_seqs").asString(),
                "--token-budget",
                parameters.get("max_num_batched_tokens").asString(),
                "--long-prefill-threshold",
                parameters.get("long_prefill_token_threshold").asString()));
    if (parameters.get("enable_prefix_caching").asBoolean()) {
      command.add("--prefix-caching");
    }
    if (!parameters.get("reserve_full_isl").asBoolean()) {
      command.add("--no-full-sequence-admission");
    }
    return command;
  }
}
