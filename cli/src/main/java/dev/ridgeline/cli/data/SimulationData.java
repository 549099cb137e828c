package dev.ridgeline.cli.data;

import dev.ridgeline.serving.ServingResult;
import dev.ridgeline.serving.metrics.Quantiles;

/** What a simulation answers, as data. */
public final class SimulationData {
  private SimulationData() {}

  /**
   * All figures.
   *
   * @param wallSeconds how long the simulation computed
   */
  public static Data.Fields of(ServingResult result, double wallSeconds) {
    return Data.fields()
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
