package dev.ridgeline.cli.data;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.cost.ErrorBand;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.MemoryLedger;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.OperatorReport;
import dev.ridgeline.estimate.PhaseReport;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.SustainedRate;
import dev.ridgeline.estimate.Traffic;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.KvCompression;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.workload.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The keys of an estimate. */
public final class EstimateData {
  /** Version of the keys; grows when one changes its meaning or goes. */
  public static final int VERSION = 1;

  private EstimateData() {}

  /**
   * An estimate.
   *
   * @param useCase name of the use case, where one was named
   * @param assumptions everything taken for granted
   */
  public static Data.Fields of(
      Estimate estimate, Optional<String> useCase, List<String> assumptions) {
    Scenario scenario = estimate.scenario();
    Data.Builder all = Data.fields();
    all.put("schema_version", VERSION);
    all.put("model", scenario.model().name());
    all.put("platform", scenario.platform().name());
    question(scenario, useCase, all);
    all.put("devices", estimate.devices());
    if (estimate.allDevices() > estimate.devices()) {
      all.put("drafting_devices", estimate.allDevices() - estimate.devices());
    }
    all.put("price_usd_per_hour", optional(scenario.platform().price().map(UsdPerHour::value)));
    all.put("ttft_s", estimate.ttftSeconds());
    all.put("tpot_s", estimate.tpotSeconds());
    all.put("e2e_s", estimate.endToEndSeconds());
    all.put("output_tokens_per_s", estimate.outputTokensPerSecond());
    all.put("requests_per_s", estimate.requestsPerSecond());
    all.put("memory", memory(estimate.memory()));
    all.put("energy_j_per_output_token", estimate.energyJoulesPerOutputToken());
    all.put("average_w_per_device", estimate.averageWattsPerDevice());
    all.put(
        "sustained",
        SustainedRate.of(estimate)
            .<Data>map(kept ->
                Data.fields()
                    .put("share", kept.share())
                    .put("output_tokens_per_s", kept.outputTokensPerSecond())
                    .put("average_w_per_device", kept.wattsPerDevice())
                    .build())
            .orElseGet(Data.Nothing::new));
    all.put("usd_per_million_output_tokens", estimate.usdPerMillionOutputTokens());
    Optional<PhaseReport> decode = estimate.decode();
    all.put(
        "bound",
        Data.fields()
            .put("prefill", estimate.prefill().bound().key())
            .put("decode", decode.map(EstimateData::bound).orElseGet(Data.Nothing::new)));
    all.put(
        "phases",
        Data.fields()
            .put("prefill", phase(estimate.prefill()))
            .put("decode", decode.map(EstimateData::phase).orElseGet(Data.Nothing::new)));
    estimate.chunks().ifPresent(chunks -> all.put("chunked_prefill", SharedSteps.chunks(chunks)));
    estimate
        .speculation()
        .ifPresent(report ->
            all.put(
                "speculation",
                SharedSteps.speculation(scenario.speculation().orElseThrow(), report)));
    all.put(
        "published_quality",
        QualityText.data(
            Catalog.shipped().quality().of(scenario.model(), scenario.deployment().precision())));
    all.put("source", estimate.source());
    all.put("error_band", band(estimate.band()));
    all.put("objectives", objectives(estimate));
    List<Data> operators = new ArrayList<>();
    operators(estimate.prefill(), operators);
    decode.ifPresent(phase -> operators(phase, operators));
    all.put("operators", new Data.Items(operators));
    all.put("assumptions", Data.texts(assumptions));
    all.put("warnings", Data.texts(estimate.warnings()));
    return all.build();
  }

  /** A question without an answer, to stand among those that have one. */
  public static Data.Fields refused(String model, String platform, String reason) {
    return Data.fields()
        .put("schema_version", VERSION)
        .put("model", model)
        .put("platform", platform)
        .put("error", reason)
        .build();
  }

  /** What was asked, beside model and platform. */
  static void question(Scenario scenario, Optional<String> useCase, Data.Builder all) {
    Traffic traffic = scenario.traffic();
    Parallelism parallelism = scenario.deployment().parallelism();
    Precision precision = scenario.deployment().precision();
    all.put("use_case", useCase.<Data>map(Data.Text::new).orElseGet(Data.Nothing::new));
    all.put("input_tokens", traffic.inputTokens());
    all.put("output_tokens", traffic.outputTokens());
    all.put("beams", traffic.beams());
    if (traffic.concurrency().isPresent()) {
      all.putNothing("batch");
      all.put("concurrency", traffic.concurrency().getAsInt());
    } else {
      all.put("batch", traffic.batch());
      all.putNothing("concurrency");
    }
    all.put(
        "mapping",
        Data.fields()
            .put("tp", parallelism.tensor())
            .put("pp", parallelism.pipeline())
            .put("ep", parallelism.expert())
            .put("dp", parallelism.data())
            .put("cp", parallelism.context())
            .put("attention_dp", parallelism.attentionData()));
    all.put(
        "precision",
        Data.fields()
            .put("weights", precision.weights().map(NumberFormat::name).orElse("checkpoint"))
            .put("activations", precision.activationFormat(scenario.model()).name())
            .put("kv", precision.kvFormat(scenario.model()).name())
            .put("communication", precision.communicationFormat(scenario.model()).name()));
    storage(scenario.deployment(), all);
    all.put("routing_skew", scenario.deployment().routingSkew());
    all.put(
        "engine",
        Data.fields()
            .put("name", scenario.engine().name())
            .put("version", scenario.engine().version()));
  }

  private static void storage(Deployment deployment, Data.Builder all) {
    Placement placement = deployment.placement();
    KvCompression compression = deployment.kvCompression();
    all.put(
        "offload",
        Data.fields()
            .put("weights", placement.offloadedWeightShare())
            .put("weights_tier", tier(placement.offloadedWeights()))
            .put("kv", placement.offloadedKvShare())
            .put("kv_tier", tier(placement.offloadedKv()))
            .put("prefetch", placement.prefetch()));
    all.put(
        "kv_compression",
        Data.fields()
            .put("keep", compression.keep())
            .put("read", compression.read())
            .put("rank", compression.rank()));
  }

  private static Data tier(Optional<Offload> part) {
    return part.<Data>map(offload -> new Data.Text(offload.tier())).orElseGet(Data.Nothing::new);
  }

  /** The memory of the fullest device. */
  static Data.Builder memory(MemoryLedger memory) {
    return Data.fields()
        .put("weights_bytes", memory.weightsBytes())
        .put("kv_bytes", memory.kvBytes())
        .put("activation_bytes", memory.activationBytes())
        .put("communication_bytes", memory.communicationBytes())
        .put("reserved_bytes", memory.reservedBytes())
        .put("streaming_buffer_bytes", memory.streamingBytes())
        .put("capacity_bytes", memory.capacityBytes())
        .put("other_tiers", new Data.Items(otherTiers(memory)))
        .put("fits", memory.fits())
        .put("largest_batch", memory.largestBatch())
        .put("kv_bytes_per_token", memory.kvBytesPerToken())
        .put("kv_capacity_tokens", memory.kvCapacityTokens())
        .put("kv_capacity_blocks", memory.kvCapacityBlocks());
  }

  private static List<Data> otherTiers(MemoryLedger memory) {
    List<Data> tiers = new ArrayList<>();
    for (MemoryLedger.TierUse tier : memory.otherTiers()) {
      tiers.add(
          Data.fields()
              .put("tier", tier.name())
              .put("weights_bytes", tier.weightsBytes())
              .put("kv_bytes", tier.kvBytes())
              .put("streaming_buffer_bytes", tier.streamingBytes())
              .put("capacity_bytes", tier.capacityBytes())
              .build());
    }
    return tiers;
  }

  private static Data.Builder tierTraffic(PhaseReport phase) {
    Data.Builder traffic = Data.fields();
    phase.traffic().forEach(tier -> traffic.put(tier.tier(), tier.bytes()));
    return traffic;
  }

  private static Data phase(PhaseReport phase) {
    return Data.fields()
        .put("time_s", phase.timeSeconds())
        .put("compute_s", phase.computeSeconds())
        .put("memory_s", phase.memorySeconds())
        .put("network_s", phase.networkSeconds())
        .put("overhead_s", phase.overheadSeconds())
        .put("power_s", phase.powerSeconds())
        .put("offload_s", phase.offloadSeconds())
        .put("stream_s", phase.streamSeconds())
        .put("hidden_stream_s", phase.hiddenStreamSeconds())
        .put("pipeline_s", phase.pipelineSeconds())
        .put("flops", phase.flops())
        .put("memory_traffic_bytes", phase.trafficBytes())
        .put("traffic_bytes_by_tier", tierTraffic(phase))
        .put("network_bytes", phase.networkBytes())
        .put("energy_j", phase.energyJoules())
        .build();
  }

  private static Data bound(PhaseReport phase) {
    return new Data.Text(phase.bound().key());
  }

  private static Data.Builder band(ErrorBand band) {
    return Data.fields()
        .put("low", band.low())
        .put("high", band.high())
        .put("meaning", band.meaning());
  }

  private static Data.Builder objectives(Estimate estimate) {
    Objectives asked = estimate.scenario().objectives();
    return Data.fields()
        .put("ttft_s", optional(asked.ttft().map(Seconds::value)))
        .put("ttft_met", met(asked.ttft(), OptionalDouble.of(estimate.ttftSeconds())))
        .put("tpot_s", optional(asked.tpot().map(Seconds::value)))
        .put("tpot_met", met(asked.tpot(), estimate.tpotSeconds()))
        .put("met", estimate.meetsObjectives());
  }

  private static Data met(Optional<Seconds> target, OptionalDouble reached) {
    return target.isPresent() && reached.isPresent()
        ? new Data.Flag(reached.getAsDouble() <= target.get().value())
        : new Data.Nothing();
  }

  private static void operators(PhaseReport phase, List<Data> into) {
    double total = 0;
    for (OperatorReport operator : phase.operators()) {
      total += operator.timeSeconds();
    }
    for (OperatorReport operator : phase.operators()) {
      into.add(
          Data.fields()
              .put("phase", phase.name())
              .put("label", operator.label())
              .put("kind", operator.kind().key())
              .put("repeats", operator.repeats())
              .put("time_s", operator.timeSeconds())
              .put("compute_s", operator.computeSeconds())
              .put("memory_s", operator.memorySeconds())
              .put("network_s", operator.networkSeconds())
              .put("flops", operator.flops())
              .put("memory_traffic_bytes", operator.trafficBytes())
              .put("network_bytes", operator.networkBytes())
              .put("intensity_flops_per_byte", operator.intensity())
              .put("share", total > 0 ? operator.timeSeconds() / total : 0)
              .put("bound", operator.bound().key())
              .put("source", operator.source())
              .put("formula", operator.formula())
              .build());
    }
  }

  private static OptionalDouble optional(Optional<Double> value) {
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }
}
