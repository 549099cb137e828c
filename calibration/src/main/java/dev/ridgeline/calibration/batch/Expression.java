package dev.ridgeline.calibration.batch;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts measured runs into the terms of the catalog, or says why one cannot be. */
final class Expression {
  /** Published names by those of the catalog; models of one shape stand for each other. */
  private static final Map<String, String> MODELS =
      Map.ofEntries(
          Map.entry("llama-2-7b-hf", "llama-2-7b"),
          Map.entry("llama 7b", "llama-2-7b"),
          Map.entry("llama-7b", "llama-2-7b"),
          Map.entry("llama v2 7b", "llama-2-7b"),
          Map.entry("llama-2-70b-hf", "llama-2-70b"),
          Map.entry("llama 70b", "llama-2-70b"),
          Map.entry("llama v2 70b", "llama-2-70b"),
          Map.entry("meta-llama-3-8b", "llama-3-8b"),
          Map.entry("meta-llama-3-8b-instruct-fp8", "llama-3-8b"),
          Map.entry("llama v3 8b", "llama-3-8b"),
          Map.entry("meta-llama-3-70b", "llama-3-70b"),
          Map.entry("llama v3 70b", "llama-3-70b"),
          Map.entry("mistral-7b-v0.1", "mistral-7b"),
          Map.entry("mistral 7b", "mistral-7b"),
          Map.entry("mixtral-8x7b-v0.1", "mixtral-8x7b"),
          Map.entry("mixtral 8x7b", "mixtral-8x7b"),
          Map.entry("qwen2-7b", "qwen2.5-7b"),
          Map.entry("qwen2-72b", "qwen2.5-72b"),
          Map.entry("qwen1.5-7b", "qwen1.5-7b"),
          Map.entry("aquila-7b", "aquila-7b"),
          Map.entry("bloom-7b1", "bloom-7b1"),
          Map.entry("opt-6.7b", "opt-6.7b"),
          Map.entry("gpt-j 6b", "gpt-j-6b"),
          Map.entry("gptj 6b", "gpt-j-6b"),
          Map.entry("gpt-j-6b", "gpt-j-6b"),
          Map.entry("falcon 180b", "falcon-180b"));

  /** Two series of one chip differ fivefold, so they are told apart. */
  private static final String SECOND_SERIES = " (PVC label)";

  private final Catalog catalog;
  private final Map<String, Platform> platforms = new HashMap<>();
  private final Map<String, Model> models = new HashMap<>();

  Expression(Catalog catalog) {
    this.catalog = catalog;
  }

  /** What becomes of a row. */
  sealed interface Outcome {}

  /**
   * It can be predicted.
   *
   * @param row what was measured
   * @param engine name of its family
   * @param chip catalog name, with a mark where two series of a chip disagree
   * @param scenario in the terms of the catalog
   */
  record Expressed(BatchRow row, String engine, String chip, Scenario scenario)
      implements Outcome {}

  /** It cannot. */
  record Refused(String reason) implements Outcome {}

  Outcome express(BatchRow row) {
    String model = MODELS.get(row.model());
    if (model == null) {
      return new Refused("model %s is not in the catalog".formatted(row.model()));
    }
    String chip = PublishedChips.NAMES.get(row.platform());
    if (chip == null) {
      return new Refused("chip %s is not in the catalog".formatted(row.platform()));
    }
    Optional<NumberFormat> format =
        switch (row.precision()) {
          case "fp16", "bf16" -> Optional.of(NumberFormat.BF16);
          case "fp8" -> Optional.of(NumberFormat.FP8);
          default -> Optional.empty();
        };
    if (format.isEmpty()) {
      return new Refused("precision %s".formatted(row.precision()));
    }
    String engine = engine(row.framework());
    try {
      int devices = row.tensor() * row.pipeline();
      String platform = devices > 1 ? devices + "x" + chip : chip;
      Engine known = catalog.engine(catalog.engineNames().contains(engine) ? engine : "generic");
      EngineName name = new EngineName(known.name(), Optional.of(known.version()));
      var scenario =
          new Scenario(
              models.computeIfAbsent(model, catalog::model),
              platforms.computeIfAbsent(platform, catalog::platform),
              new Deployment(
                  new Parallelism(row.tensor(), row.pipeline(), 1, 1, 1, 1),
                  Precision.all(format.get()),
                  Placement.MAIN,
                  0),
              known,
              new Traffic(
                  row.inputTokens(), row.outputTokens(), row.batch(), 1, OptionalInt.empty()),
              new Objectives(Optional.empty(), Optional.empty()),
              List.of(
                  new KernelModel(catalog.profiles().under(name), library(engine)),
                  Roofline.IDEAL));
      // Engines refuse or cut such requests: what was measured is not the work asked for.
      if (row.inputTokens() + row.outputTokens() > scenario.model().maxContext()) {
        return new Refused("longer than the model's context");
      }
      String series = row.platform().endsWith(SECOND_SERIES) ? SECOND_SERIES : "";
      return new Expressed(row, engine, chip + series, scenario);
    } catch (InputException refused) {
      return new Refused(refused.problem().description());
    }
  }

  private static KernelModel.CollectiveLibrary library(String engine) {
    return switch (engine) {
      case "tensorrt-llm" -> KernelModel.CollectiveLibrary.TENSORRT_LLM;
      case "vllm" -> KernelModel.CollectiveLibrary.VLLM;
      default -> KernelModel.CollectiveLibrary.NCCL;
    };
  }

  private static String engine(String framework) {
    return switch (framework) {
      case "TensorRT-LLM" -> "tensorrt-llm";
      case "vLLM" -> "vllm";
      case "Deepspeed-MII" -> "deepspeed-mii";
      case "DeepSpeed (Optimum Habana)" -> "optimum-habana";
      case "SambaFlow", "sambaflow" -> "sambaflow";
      default -> framework;
    };
  }
}
