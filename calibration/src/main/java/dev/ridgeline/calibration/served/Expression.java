package dev.ridgeline.calibration.served;

import dev.ridgeline.calibration.served.ServedRow.Sizes;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.profile.Release;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Puts measured rows into the terms of the catalog, or says why one cannot be. */
final class Expression {
  private static final Map<String, String> MODELS =
      Map.ofEntries(
          Map.entry("deepseek-ai/DeepSeek-R1", "deepseek-r1"),
          Map.entry("deepseek-ai/DeepSeek-V3", "deepseek-v3"),
          Map.entry("nvidia/DeepSeek-V3.1-NVFP4", "deepseek-v3"),
          Map.entry("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"),
          Map.entry("meta-llama/Llama-3.1-70B", "llama-3.1-70b"),
          Map.entry("Qwen/Qwen3-32B", "qwen3-32b"),
          Map.entry("nvidia/Qwen3-32B-NVFP4", "qwen3-32b"),
          Map.entry("Qwen/Qwen3-235B-A22B-FP8", "qwen3-235b-a22b"),
          Map.entry("MiniMaxAI/MiniMax-M2.5", "minimax-m2.5"),
          Map.entry("openai/gpt-oss-120b", "gpt-oss-120b"),
          Map.entry("moonshotai/Kimi-K2.5", "kimi-k2.5"),
          Map.entry("zhipuai/GLM-5", "glm-5"));

  /** Public checkpoints in the precision of a row: which matrices are narrow is theirs to say. */
  private static final Map<String, String> CHECKPOINTS =
      Map.of(
          "deepseek-r1 fp4", "nvidia--DeepSeek-V3.1-NVFP4",
          "deepseek-v3 fp4", "nvidia--DeepSeek-V3.1-NVFP4",
          "glm-5 fp8", "zai-org--GLM-5-FP8",
          "kimi-k2.5 fp4", "nvidia--Kimi-K2.5-NVFP4",
          "llama-3.1-70b fp8", "nvidia--Llama-3.1-70B-Instruct-FP8",
          "minimax-m2.5 fp4", "nvidia--MiniMax-M2.5-NVFP4",
          "qwen3-235b-a22b fp8", "Qwen--Qwen3-235B-A22B-FP8",
          "qwen3-32b fp8", "Qwen--Qwen3-32B-FP8-Static-PerTensor");

  private static final Map<String, String> PLATFORMS =
      Map.of(
          "h100_sxm", "8xh100-sxm",
          "b300_sxm", "8xb300-sxm",
          "gb200", "gb200-nvl72",
          "gb300", "gb300-nvl72");

  /** Devices of a system whose nodes have eight. */
  private static final int NODE = 8;

  private final Workers workers;
  private final Catalog catalog;
  private final Path checkpoints;
  private final Map<String, Platform> platforms = new HashMap<>();
  private final Map<String, Model> models = new HashMap<>();

  /**
   * Rows in the terms of a catalog.
   *
   * @param checkpoints folder of public checkpoints' configurations
   * @param rows of the whole table: some say what others leave out
   */
  Expression(Catalog catalog, Path checkpoints, List<ServedRow> rows) {
    this.workers = new Workers(rows);
    this.catalog = catalog;
    this.checkpoints = checkpoints;
  }

  /** What becomes of a row. */
  sealed interface Outcome {}

  /** It can be simulated. */
  record Expressed(ServedCase served) implements Outcome {}

  /** It can, with prompts and decoding on devices of their own. */
  record Disaggregated(DisaggregatedCase served) implements Outcome {}

  /** It cannot. */
  record Refused(String reason) implements Outcome {}

  Outcome express(ServedRow row) {
    if (row.concurrency() == 0) {
      return new Refused("no concurrency recorded");
    }
    String model = MODELS.get(row.model());
    if (model == null) {
      return new Refused("model %s is not in the catalog".formatted(row.model()));
    }
    String platform = PLATFORMS.get(row.system());
    if (platform == null) {
      return new Refused("system %s is not in the catalog".formatted(row.system()));
    }
    try {
      if (row.disaggregated()) {
        return disaggregated(row, model, platform);
      }
      return new Expressed(
          ServedCase.of(row, scenario(row, model, platform, parallelism(row, row.both()))));
    } catch (IllegalDeploymentException refused) {
      return new Refused(
          "tensor ranks that do not divide the heads, or another mapping the model has not");
    } catch (InputException refused) {
      return new Refused(refused.problem().description());
    }
  }

  private Outcome disaggregated(ServedRow row, String model, String platform) {
    if (!Workers.recorded(row)) {
      return new Refused(
          workers.listedAgain(row)
              ? "prompts and decoding apart, listed a second time without its workers"
              : "prompts and decoding apart, number of workers not recorded");
    }
    return new Disaggregated(
        new DisaggregatedCase(
            row,
            ServedCase.of(
                row, scenario(row, model, wide(platform, row.prefill()), apart(row.prefill()))),
            ServedCase.of(
                row,
                scenario(row, model, wide(platform, row.both()), apart(row.both())),
                workers.sequences(row)),
            row.prefill().workers(),
            row.both().workers()));
  }

  /** Eight devices a node, and as many nodes as a worker needs. */
  private static String wide(String platform, Sizes sizes) {
    int nodes = Math.ceilDiv(sizes.devices(), NODE);
    return platform.startsWith(NODE + "x") && nodes > 1 ? nodes + "x" + platform : platform;
  }

  /**
   * A worker's sizes. Where attention keeps whole layers, some rows list its ranks as tensor ranks
   * of the experts; experts are dealt to them all the same.
   */
  private static Parallelism apart(Sizes sizes) {
    int attention = Math.max(1, sizes.attentionData());
    int expert = Math.max(1, sizes.expert());
    return new Parallelism(
        Math.max(1, sizes.tensor()),
        Math.max(1, sizes.pipeline()),
        attention > 1 ? Math.max(expert, attention) : expert,
        1,
        1,
        attention);
  }

  private Scenario scenario(
      ServedRow row, String modelName, String platformName, Parallelism parallelism) {
    Platform platform = platforms.computeIfAbsent(platformName, catalog::platform);
    Engine known = catalog.engine(row.backend());
    Engine engine =
        catalog
            .profiles()
            .engines()
            .find(released(known, engineVersion(row)), platform.chip())
            .map(known::withOverheads)
            .orElse(known);
    Optional<String> checkpoint = checkpoint(modelName, row.precision());
    EngineName name = new EngineName(engine.name(), Optional.of(engine.version()));
    Model model = models.computeIfAbsent(checkpoint.orElse(modelName), catalog::model);
    Precision stated = checkpoint.isPresent() ? Precision.CHECKPOINT : precision(row);
    return new Scenario(
        model,
        platform,
        new Deployment(
            parallelism,
            stated.servedOn(arithmetic -> platform.chip().peak(arithmetic).isPresent(), model),
            Placement.MAIN,
            0),
        engine,
        new Traffic(
            row.inputTokens(),
            row.outputTokens(),
            1,
            1,
            OptionalInt.empty(),
            OptionalLong.of(ServedCase.TOKEN_BUDGET)),
        new Objectives(Optional.empty(), Optional.empty()),
        List.of(
            new KernelModel(catalog.profiles().under(name), library(row.backend())),
            Roofline.IDEAL));
  }

  /** The release of a row; builds without a number are later than the releases of their time. */
  /** Where TensorRT-LLM serves under Dynamo, the table has Dynamo's release. */
  private static String engineVersion(ServedRow row) {
    return row.disaggregated() && row.backend().equals("trtllm") ? "" : row.version();
  }

  private static EngineName released(Engine engine, String version) {
    return new EngineName(
        engine.name(),
        Optional.of(Release.parse(version).numbers().isEmpty() ? engine.version() : version));
  }

  private Optional<String> checkpoint(String model, String precision) {
    return Optional.ofNullable(CHECKPOINTS.get(model + " " + precision))
        .map(name -> checkpoints.resolve(name + "_config.json"))
        .filter(Files::exists)
        .map(Path::toString);
  }

  private static KernelModel.CollectiveLibrary library(String backend) {
    return switch (backend) {
      case "trtllm" -> KernelModel.CollectiveLibrary.TENSORRT_LLM;
      default -> KernelModel.CollectiveLibrary.VLLM;
    };
  }

  /**
   * The row's sizes. The benchmark says tensor ranks, expert ranks and whether attention keeps
   * whole layers, each over the same devices; some rows hold a product of these. On systems of
   * eight devices a product above eight tells them.
   */
  private static Parallelism parallelism(ServedRow row, Sizes sizes) {
    int tensor = Math.max(1, sizes.tensor());
    int attention = Math.max(1, sizes.attentionData());
    int expert = Math.max(1, sizes.expert());
    if (attention > 1 && tensor == attention && expert == tensor * attention) {
      return new Parallelism(1, 1, tensor, 1, 1, attention);
    }
    boolean eight = row.system().endsWith("_sxm");
    if (eight && tensor > NODE && sizes.expertTensor() * expert == tensor) {
      return new Parallelism(Math.max(sizes.expertTensor(), expert), 1, expert, 1, 1, attention);
    }
    return new Parallelism(tensor, Math.max(1, sizes.pipeline()), expert, 1, 1, attention);
  }

  private static Precision precision(ServedRow row) {
    Optional<NumberFormat> format =
        switch (row.precision()) {
          case "fp8" -> Optional.of(NumberFormat.FP8);
          case "fp4" -> Optional.of(NumberFormat.NVFP4);
          default -> Optional.empty();
        };
    boolean own =
        row.model().startsWith("openai/")
            || row.precision().equals("fp8")
                && (row.model().startsWith("deepseek-ai/") || row.model().startsWith("MiniMaxAI/"));
    return own ? Precision.CHECKPOINT : new Precision(format, format, Optional.empty());
  }
}
