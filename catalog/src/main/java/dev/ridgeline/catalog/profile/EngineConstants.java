package dev.ridgeline.catalog.profile;

import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.mapping.EngineOverheads;
import java.util.List;

/** The constants of an engine's overheads as profiles hold them, and what they mean together. */
public final class EngineConstants {
  /** What profiles of engines call their operator. */
  public static final String OPERATOR = "engine";

  /** Host time comes on top of the device's; the cost model knows the chip's kernels. */
  public static final String SYNCHRONOUS = "synchronous";

  /** Host time runs beside the device's; the cost model knows the chip's kernels. */
  public static final String ASYNCHRONOUS = "asynchronous";

  /** Host time comes on top of the device's; of the chip only the datasheet is known. */
  public static final String DATASHEET = "synchronous-datasheet";

  private static final double NOTHING = 1e-9;
  private static final double MOST_STRETCH = 30;

  private EngineConstants() {}

  /**
   * The constants.
   *
   * @param variant one of those above
   */
  public static List<Parameter> parameters(String variant) {
    boolean known = !variant.equals(DATASHEET);
    return List.of(
        new Parameter("step", "s", "host time of a step", 1e-6, 5e-4, 0.1),
        new Parameter("layer", "s", "host time of each layer in a step", NOTHING, 1e-5, 2e-3),
        new Parameter("sequence", "s", "host time of each sequence in a step", NOTHING, 1e-5, 5e-3),
        new Parameter("exchange", "s", "wait at each collective", NOTHING, 5e-6, 2e-3),
        new Parameter("network_stretch", "1", "factor on exchanges", 0.2, 1, 1.5),
        stretch("memory_stretch", "factor on what memory bounds", known),
        stretch("compute_stretch", "factor on what compute bounds", known),
        stretch("attention_stretch", "factor on decoding attention", known),
        new Parameter(
            "ungrouped",
            "1",
            "share of query heads that read the cache again",
            1e-3,
            known ? 1e-3 : 0.03,
            known ? 1e-3 : 1),
        new Parameter("launch_share", "1", "share of launches that is left", 0.01, 0.7, 1),
        new Parameter(
            "eager_layer", "s", "least time of a layer with prompts", NOTHING, 1e-6, 5e-3),
        new Parameter("request", "s", "front end's time for a request", NOTHING, NOTHING, 1),
        new Parameter("prompt_token", "s", "the same for each token", NOTHING, NOTHING, 1e-3),
        new Parameter(
            "eager_experts", "s", "least time of a layer of experts", NOTHING, NOTHING, 5e-3),
        new Parameter("expert_stretch", "1", "factor on products of experts", 0.3, 1, 3),
        new Parameter("handover", "s", "of a request between workers", NOTHING, NOTHING, 3));
  }

  /** Kernels that the cost model knows run as it says. */
  private static Parameter stretch(String name, String meaning, boolean known) {
    return known
        ? new Parameter(name, "1", meaning, 1, 1, 1)
        : new Parameter(name, "1", meaning, 0.3, 1.5, MOST_STRETCH);
  }

  /** What the constants of a variant mean together. */
  public static EngineOverheads overheads(
      double[] constants, String variant, EngineOverheads.Origin origin) {
    return new EngineOverheads(
        constants[0],
        constants[1],
        constants[2],
        variant.equals(ASYNCHRONOUS),
        constants[9],
        constants[10],
        constants[3],
        constants[4],
        constants[5],
        constants[6],
        constants[7],
        constants[8],
        constants[11],
        constants[12],
        new EngineOverheads.OfExperts(constants[13], constants[14]),
        constants[15],
        origin);
  }
}
