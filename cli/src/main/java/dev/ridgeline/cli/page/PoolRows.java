package dev.ridgeline.cli.page;

import dev.ridgeline.serving.DisaggregatedResult;
import dev.ridgeline.serving.DisaggregatedResult.Pool;
import dev.ridgeline.serving.DisaggregatedResult.Transfers;

/** What each pool did, and what moved between them. */
final class PoolRows {
  private static final double GIGA = 1e9;

  private PoolRows() {}

  static void put(Page page, DisaggregatedResult result) {
    double seconds = result.serving().makespanSeconds();
    pool(page, "prefill pool", result.prefill(), seconds);
    pool(page, "decode pool", result.decode(), seconds);
    Transfers moved = result.transfers();
    SimulationPage.row(
        page,
        "cache transfers",
        "%s GB, link in use %s of the time"
            .formatted(
                Figures.number(moved.bytes() / GIGA),
                Figures.percent(seconds > 0 ? moved.busySeconds() / seconds : 0)));
    if (moved.exposed().count() > 0) {
      SimulationPage.row(
          page,
          "",
          "mean wait for blocks %s, then for the cache %s"
              .formatted(
                  Figures.shortTime(moved.blockWait().mean()),
                  Figures.shortTime(moved.exposed().mean())));
    }
    if (result.unfinished() > 0) {
      SimulationPage.row(page, "held for ever", Figures.count(result.unfinished()) + " requests");
    }
  }

  private static void pool(Page page, String name, Pool pool, double seconds) {
    SimulationPage.row(
        page,
        name,
        "%s instances, %s devices, %s busy, %s batches"
            .formatted(
                Figures.count(pool.instances()),
                Figures.count(pool.devices()),
                Figures.percent(
                    seconds > 0 ? pool.busySeconds() / (seconds * pool.instances()) : 0),
                Figures.count(pool.iterations())));
  }
}
