package dev.ridgeline.cli;

import dev.ridgeline.serving.pool.MachineKind;
import dev.ridgeline.serving.pool.MachineTable;
import dev.ridgeline.serving.pool.PoolSetup;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options of clusters with a prefill and a decode pool. */
final class PoolOption {
  static final String POOLS = "--pools";
  private static final String TABLE = "--machine-table";
  private static final String MODEL = "--machine-model";
  private static final String ROUTER = "--router";
  private static final Pattern POOL = Pattern.compile("([a-z]+)=(\\d{1,6})x(.+)");
  private static final int TENSOR_PARALLEL = 8;

  /** Eight GPUs of 80 GiB, and the link of splitwise-sim's runs: 200 GiB/s. */
  private static final double MEMORY_BYTES = 640.0 * (1L << 30);

  private static final double LINK_BYTES_PER_SECOND = 200.0 * (1L << 30);
  private static final List<String> SIDES = List.of("prefill", "decode", "both");

  /** DGX machines by the names that splitwise-sim gives their GPUs; the latest without a name. */
  private static final Map<String, String> MACHINES =
      Map.of(
          "dgx", "h100-80gb",
          "dgx-a100", "a100-80gb",
          "dgx-h100", "h100-80gb",
          "dgx-h100-pcap", "h100-80gb-pcap");

  /**
   * A model as splitwise-sim sizes it: keys and values of all heads, two bytes each.
   *
   * @param cacheBytesPerToken 2 x 2 bytes x hidden x layers
   * @param weightBytes of the published checkpoint
   */
  private record Sizes(double cacheBytesPerToken, double weightBytes) {}

  private static final Map<String, Sizes> MODELS = new LinkedHashMap<>();

  static {
    // Checkpoints: 329 GB in the model card of bigscience/bloom, 138 GB of
    // meta-llama/Llama-2-70b-hf.
    MODELS.put("bloom-176b", new Sizes(4.0 * 14336 * 70, 329e9));
    MODELS.put("llama2-70b", new Sizes(4.0 * 8192 * 80, 138e9));
  }

  private PoolOption() {}

  static void declare(CommandSpec command) {
    command.addOption(
        SubjectOption.option(
            POOLS,
            "POOLS",
            "With a model: prefill=2x4xh100-sxm[tp=4],decode=1x8xh100-sxm[tp=8,ep=8], a count, a"
                + " platform (default --on) and maybe a mapping, several kinds joined by +. With a"
                + " machine table: prefill=3xdgx-h100,decode=2xdgx-h100, or both=4xdgx-a100."));
    command.addOption(
        SubjectOption.option(
            TABLE,
            "FILE",
            "Times of the machines: model, hardware, tensor_parallel, batch_tokens,"
                + " prompt_time_ms, token_time_ms."));
    command.addOption(
        SubjectOption.option(
            MODEL,
            "NAME",
            "Model in that table: %s (default bloom-176b)."
                .formatted(String.join(", ", MODELS.keySet()))));
  }

  static boolean given(ParseResult parsed) {
    return parsed.hasMatchedOption(POOLS);
  }

  /** Pools make no sense without what they are made of, nor the other way round. */
  static void requireAbsent(ParseResult parsed) {
    for (String option : List.of(TABLE, MODEL)) {
      if (parsed.hasMatchedOption(option)) {
        throw Problem.of("belongs to " + POOLS).withField(option).exception();
      }
    }
  }

  static PoolSetup read(ParseResult parsed) {
    if (!parsed.hasMatchedOption(TABLE)) {
      throw Problem.of("how fast are the machines? Name a model, or a table")
          .withField(TABLE)
          .exception();
    }
    MachineTable table =
        MachineTable.read(SubjectOption.path(TABLE, parsed.matchedOptionValue(TABLE, "")));
    String model = parsed.matchedOptionValue(MODEL, "bloom-176b");
    Sizes sizes = MODELS.get(model);
    if (sizes == null) {
      throw Problem.of("unknown model")
          .withField(MODEL)
          .withValue(model)
          .withNearest(model, MODELS.keySet())
          .exception();
    }
    long tokens =
        SchedulerOption.cacheTokens(parsed)
            .orElse((long) ((MEMORY_BYTES - sizes.weightBytes()) / sizes.cacheBytesPerToken()));
    Map<String, List<MachineKind>> pools = new LinkedHashMap<>();
    String text = parsed.matchedOptionValue(POOLS, "");
    for (String item : text.split(",", -1)) {
      Matcher pool = POOL.matcher(item.strip().toLowerCase(Locale.ROOT));
      if (!pool.matches() || !SIDES.contains(pool.group(1)) || pools.containsKey(pool.group(1))) {
        throw refused(text);
      }
      String machine = pool.group(3);
      String hardware = MACHINES.getOrDefault(machine, machine);
      MachineKind kind = new MachineKind(table.profile(model, hardware, TENSOR_PARALLEL), tokens);
      pools.put(pool.group(1), Collections.nCopies(Integer.parseInt(pool.group(2)), kind));
    }
    try {
      checkRouter(parsed, pools.containsKey("both"));
      return new PoolSetup(
          pools.getOrDefault("prefill", List.of()),
          pools.getOrDefault("decode", List.of()),
          pools.getOrDefault("both", List.of()),
          LINK_BYTES_PER_SECOND / sizes.cacheBytesPerToken());
    } catch (IllegalArgumentException wrong) {
      throw refused(text);
    }
  }

  private static RuntimeException refused(String text) {
    return Problem.of("must be prefill=NxMACHINE,decode=NxMACHINE or both=NxMACHINE, N above 0")
        .withField(POOLS)
        .withValue(text)
        .withAllowed(new ArrayList<>(MACHINES.keySet()).stream().sorted().toList())
        .exception();
  }

  /** Each kind of cluster has its one router. */
  private static void checkRouter(ParseResult parsed, boolean both) {
    String wanted = both ? "least-tokens" : "mixed-pool";
    String router = parsed.matchedOptionValue(ROUTER, wanted);
    if (!router.equals(wanted)) {
      throw Problem.of("these pools are routed by " + wanted)
          .withField(ROUTER)
          .withValue(router)
          .withAllowed(List.of(wanted))
          .exception();
    }
  }
}
