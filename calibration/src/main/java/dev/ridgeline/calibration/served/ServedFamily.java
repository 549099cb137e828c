package dev.ridgeline.calibration.served;

import dev.ridgeline.catalog.profile.EngineConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.platform.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Served configurations as a family whose constants are an engine's overheads. Those that runs
 * under load do not tell apart from others stay at their typical values.
 *
 * @param variant of the constants
 */
record ServedFamily(String variant) implements KernelFamily<ServedFamily.Mean> {
  /** After the opening burst. */
  private static final int ROUNDS = 3;

  private static final Map<String, double[]> FREE =
      Map.ofEntries(
          Map.entry("step", new double[] {1e-4, 1e-3, 1e-2}),
          Map.entry("sequence", new double[] {1e-6, 2e-5, 2e-4}),
          Map.entry("compute_stretch", new double[] {0.9, 1.05, 1.5}),
          Map.entry("launch_share", new double[] {0.05, 0.6, 1}),
          Map.entry("eager_layer", new double[] {1e-6, 1e-4, 2e-3}),
          Map.entry("request", new double[] {1e-4, 3e-3, 5e-2}),
          Map.entry("prompt_token", new double[] {1e-8, 1e-6, 2e-5}),
          Map.entry("eager_experts", new double[] {1e-6, 3e-4, 3e-3}),
          Map.entry("expert_stretch", new double[] {0.8, 1.1, 2}));

  /**
   * A mean of a configuration.
   *
   * @param served the configuration
   * @param first whether of the time to the first token, else of that per further token
   */
  record Mean(ServedCase served, boolean first) {}

  @Override
  public String name() {
    return EngineConstants.OPERATOR;
  }

  @Override
  public String variant(Mean shape) {
    return variant;
  }

  @Override
  public List<Parameter> parameters() {
    return EngineConstants.parameters(variant).stream()
        .map(each -> {
          double kept = each.name().endsWith("_stretch") ? 1 : each.low();
          double[] range = FREE.getOrDefault(each.name(), new double[] {kept, kept, kept});
          return new Parameter(
              each.name(), each.unit(), each.meaning(), range[0], range[1], range[2]);
        })
        .toList();
  }

  /** Both means of a configuration come of one run. */
  @Override
  public Kernel<Mean> on(Platform platform, String name, Warmth warmth, double[] constants) {
    Map<Integer, Means> known = new HashMap<>();
    return mean -> {
      Means means =
          known.computeIfAbsent(mean.served().row().line(), _ -> run(mean.served(), constants));
      return mean.first() ? means.ttftSeconds() : means.tpotSeconds();
    };
  }

  private static Means run(ServedCase served, double[] constants) {
    return ServedRun.run(
        served, overheads(served, constants), ServedRun.loop(served.row()).cut(ROUNDS));
  }

  /**
   * The overheads that constants describe; whether the host runs ahead is as the release has it.
   */
  static EngineOverheads overheads(ServedCase served, double[] constants) {
    return EngineConstants.overheads(
        constants,
        served.program().overheads().asynchronous()
            ? EngineConstants.ASYNCHRONOUS
            : EngineConstants.SYNCHRONOUS,
        served.program().overheads().origin());
  }
}
