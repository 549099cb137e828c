package dev.ridgeline.cli.data;

import dev.ridgeline.serving.DisaggregatedResult;
import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.Attainment;
import dev.ridgeline.serving.metrics.Quantiles;
import dev.ridgeline.serving.study.Overload;
import dev.ridgeline.serving.study.Trial;
import java.util.List;

/** What a simulation answers, as data. */
public final class SimulationData {
  private SimulationData() {}

  /**
   * All figures of a run.
   *
   * @param wallSeconds how long the simulation computed
   * @param assumptions what was taken for granted
   */
  public static Data.Fields of(Trial trial, double wallSeconds, List<String> assumptions) {
    return put(Data.fields(), trial, wallSeconds)
        .put("assumptions", Data.texts(assumptions))
        .build();
  }

  /** Adds all figures of a run. */
  static Data.Builder put(Data.Builder fields, Trial trial, double wallSeconds) {
    ServingResult result = trial.result();
    Overload overload = trial.overload();
    fields
        .put("requests", result.requests())
        .put("iterations", result.iterations())
        .put("preemptions", result.preemptions())
        .put("makespan_s", result.makespanSeconds())
        .put("requests_per_s", result.requestsPerSecond())
        .put("output_tokens_per_s", result.outputTokensPerSecond())
        .put("ttft_s", quantiles(result.ttft()))
        .put("tpot_s", quantiles(result.tpot()))
        .put("tbt_s", quantiles(result.tbt()))
        .put("e2e_s", quantiles(result.endToEnd()))
        .put("energy_j", result.joules())
        .put("usd", result.usd())
        .put("rejected", result.rejected())
        .put("wall_s", wallSeconds)
        .put("energy_j_per_request", result.joules() / result.requests())
        .put("energy_j_per_output_token", result.joules() / result.outputTokens())
        .put("usd_per_request", result.usd() / result.requests())
        .put("overloaded", overload.overloaded());
    if (result.movedBlocks() > 0) {
      fields.put("host_blocks_moved", result.movedBlocks());
    }
    if (overload.overloaded()) {
      fields.put(
          "overload",
          Data.fields()
              .put("stopped", overload.stopped())
              .put("offered_per_s", overload.offeredPerSecond())
              .put("served_per_s", overload.servedPerSecond())
              .put("waiting", overload.waiting())
              .build());
    }
    trial.apart().ifPresent(apart -> pools(fields, apart));
    Attainment attainment = trial.attainment();
    if (attainment.slo().asks()) {
      fields
          .put(
              "slo_attainment",
              Data.fields()
                  .put("all", attainment.share())
                  .put("ttft", attainment.ttftShare())
                  .put("tpot", attainment.tpotShare())
                  .put("e2e", attainment.endToEndShare())
                  .build())
          .put("goodput_requests_per_s", trial.goodput())
          .put("goodput_output_tokens_per_s", attainment.metTokens() / result.makespanSeconds());
    }
    return fields;
  }

  private static void pools(Data.Builder fields, DisaggregatedResult apart) {
    double seconds = apart.serving().makespanSeconds();
    fields
        .put("prefill_pool", pool(apart.prefill(), seconds))
        .put("decode_pool", pool(apart.decode(), seconds))
        .put(
            "kv_transfer",
            Data.fields()
                .put("bytes", apart.transfers().bytes())
                .put("busy_s", apart.transfers().busySeconds())
                .put("block_wait_s", quantiles(apart.transfers().blockWait()))
                .put("exposed_s", quantiles(apart.transfers().exposed()))
                .build())
        .put("unfinished", apart.unfinished());
  }

  private static Data pool(DisaggregatedResult.Pool pool, double seconds) {
    return Data.fields()
        .put("instances", pool.instances())
        .put("devices", pool.devices())
        .put("iterations", pool.iterations())
        .put("busy_share", pool.busySeconds() / (seconds * pool.instances()))
        .put("dynamic_energy_j", pool.joules())
        .build();
  }

  private static Data quantiles(Quantiles quantiles) {
    return Data.fields()
        .put("mean", quantiles.mean())
        .put("p50", quantiles.p50())
        .put("p90", quantiles.p90())
        .put("p99", quantiles.p99())
        .build();
  }
}
