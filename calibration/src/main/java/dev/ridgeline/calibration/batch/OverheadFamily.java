package dev.ridgeline.calibration.batch;

import dev.ridgeline.catalog.profile.EngineConstants;
import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.mapping.EngineOverheads;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whole runs as a family whose constants are an engine's overheads. What a front end takes for a
 * request stays at its least, a batch that starts at once does not tell; so does what is apart of
 * experts, of whose models there are few runs.
 *
 * @param variant of the constants
 * @param typical values that a search is pulled to; empty for the usual ones
 */
record OverheadFamily(String variant, List<Double> typical) implements KernelFamily<Work> {
  private static final Set<String> UNSEEN =
      Set.of("request", "prompt_token", "eager_experts", "handover");
  private static final Set<String> KEPT = Set.of("expert_stretch");

  OverheadFamily {
    typical = List.copyOf(typical);
  }

  OverheadFamily(String variant) {
    this(variant, List.of());
  }

  @Override
  public String name() {
    return EngineConstants.OPERATOR;
  }

  @Override
  public String variant(Work shape) {
    return variant;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> usual = EngineConstants.parameters(variant);
    List<Parameter> all = new ArrayList<>();
    for (int i = 0; i < usual.size(); i++) {
      Parameter each = usual.get(i);
      boolean kept = KEPT.contains(each.name());
      double low = kept ? each.typical() : each.low();
      double high = kept || UNSEEN.contains(each.name()) ? low : each.high();
      double middle = typical.isEmpty() ? each.typical() : typical.get(i);
      all.add(
          new Parameter(
              each.name(), each.unit(), each.meaning(), low, Math.clamp(middle, low, high), high));
    }
    return all;
  }

  @Override
  public Kernel<Work> on(Platform platform, String name, Warmth warmth, double[] constants) {
    EngineOverheads engine =
        EngineConstants.overheads(constants, variant, EngineOverheads.Origin.NONE);
    return work -> work.seconds(engine);
  }
}
