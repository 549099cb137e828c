package dev.ridgeline.papers.run;

import dev.ridgeline.papers.run.ServingRun.Served;
import dev.ridgeline.serving.metrics.IterationSink;
import dev.ridgeline.serving.metrics.RequestSink;
import dev.ridgeline.serving.metrics.Slowdowns;
import dev.ridgeline.serving.pool.MachineProfile;
import dev.ridgeline.serving.pool.PoolSetup;
import dev.ridgeline.serving.pool.PooledCluster;
import dev.ridgeline.serving.traffic.ArrivalSource;
import java.util.Optional;

/**
 * Pools of machines.
 *
 * @param setup the machines
 * @param idle the machine that slowdowns are taken against
 */
record PoolServer(PoolSetup setup, Optional<MachineProfile> idle) implements ServingRun.Server {
  @Override
  public Served serve(ArrivalSource source) {
    Optional<Slowdowns> slowdowns = idle.map(Slowdowns::new);
    RequestSink sink = slowdowns.isPresent() ? slowdowns.get() : RequestSink.NONE;
    return new Served(
        new PooledCluster(setup, sink, IterationSink.NONE).run(source),
        slowdowns,
        Optional.empty());
  }

  @Override
  public int size() {
    return setup.machines();
  }
}
