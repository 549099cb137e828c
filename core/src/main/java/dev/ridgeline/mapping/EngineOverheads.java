package dev.ridgeline.mapping;

/**
 * What an engine adds to the work of its kernels. Measured losses are added time and not a share:
 * they stay when a model is spread over more devices and its kernels get shorter.
 *
 * <p>Host time is that of the process that schedules, prepares inputs, launches and handles sampled
 * tokens; it comes once in a step. The stretches stand for kernels that reach less than those the
 * cost model knows, where it knows none of the chip; they are 1 where it does.
 *
 * @param stepSeconds host time of a step, at least 0
 * @param layerSeconds host time of each layer in a step, at least 0
 * @param sequenceSeconds host time of each sequence in a step, at least 0
 * @param asynchronous whether host time runs beside the device, so that the longer of both counts
 * @param launchShare share of the kernels' launches that is left when neighbours are fused or start
 *     early, 0 to 1
 * @param eagerLayerSeconds least time of a layer in a step with prompts, whose kernels the host
 *     launches one by one, at least 0
 * @param exchangeSeconds wait at each collective for ranks that come late, at least 0
 * @param networkStretch factor on the time of exchanges, above 0: links of one name differ
 * @param memoryStretch factor on the time of work that memory bounds, above 0
 * @param computeStretch factor on the time of work that compute bounds, above 0
 * @param attentionStretch factor on the time of decoding attention, above 0: engines bring kernels
 *     of their own
 * @param ungroupedShare share of the query heads for which decoding attention reads the cache again
 *     although they have it in common, 0 to 1
 * @param requestSeconds front end's time for a request (reading, tokenizing, handing over), in
 *     which it serves no other, at least 0
 * @param promptTokenSeconds the same for each token of its prompt, at least 0
 * @param experts of layers with experts
 * @param handoverSeconds time in which a deployment with prompts and decoding apart hands a request
 *     over, beyond the cache's way: routing to two workers, their rendezvous, the transfer
 *     library's set-up; at least 0
 * @param origin where they come from
 */
public record EngineOverheads(
    double stepSeconds,
    double layerSeconds,
    double sequenceSeconds,
    boolean asynchronous,
    double launchShare,
    double eagerLayerSeconds,
    double exchangeSeconds,
    double networkStretch,
    double memoryStretch,
    double computeStretch,
    double attentionStretch,
    double ungroupedShare,
    double requestSeconds,
    double promptTokenSeconds,
    OfExperts experts,
    double handoverSeconds,
    Origin origin) {

  /**
   * What is apart of layers with experts. They are launched as many small kernels, and engines
   * bring products of their own for them.
   *
   * @param eagerSeconds least time of such a layer in a step with prompts, on top of that of any
   *     layer, at least 0
   * @param stretch factor on the time of products of experts that compute bounds, above 0
   */
  public record OfExperts(double eagerSeconds, double stretch) {
    /** As other layers. */
    public static final OfExperts NONE = new OfExperts(0, 1);

    public OfExperts {
      requireTime("eager layer of experts", eagerSeconds);
      requireStretch("experts", stretch);
    }
  }

  /**
   * Where overheads come from and how far a step with them is trusted.
   *
   * @param source such as {@code engine:h100-sxm/vllm-2024}; empty where there are none
   * @param low factor on a time below which one measurement in ten is expected, above 0
   * @param high factor on a time above which one measurement in ten is expected
   */
  public record Origin(String source, double low, double high) {
    /** Of an engine that adds nothing. */
    public static final Origin NONE = new Origin("", 1, 1);

    public Origin {
      if (!(low > 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("band from %s to %s".formatted(low, high));
      }
    }
  }

  /** An engine that costs nothing. */
  public static final EngineOverheads NONE =
      new EngineOverheads(
          0, 0, 0, true, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, OfExperts.NONE, 0, Origin.NONE);

  public EngineOverheads {
    requireTime("step", stepSeconds);
    requireTime("layer", layerSeconds);
    requireTime("sequence", sequenceSeconds);
    requireTime("eager layer", eagerLayerSeconds);
    requireTime("exchange", exchangeSeconds);
    requireTime("request", requestSeconds);
    requireTime("prompt token", promptTokenSeconds);
    requireTime("hand-over", handoverSeconds);
    requireShare("launch", launchShare);
    requireShare("ungrouped", ungroupedShare);
    requireStretch("network", networkStretch);
    requireStretch("memory", memoryStretch);
    requireStretch("compute", computeStretch);
    requireStretch("attention", attentionStretch);
  }

  private static void requireTime(String name, double seconds) {
    if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("%s of %s s".formatted(name, seconds));
    }
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("%s share of %s".formatted(name, share));
    }
  }

  private static void requireStretch(String name, double factor) {
    if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("%s stretch of %s".formatted(name, factor));
    }
  }

  /** The same engine with a device that waits for its host. */
  public EngineOverheads serial() {
    return with(stepSeconds, sequenceSeconds, false, requestSeconds);
  }

  /** The same engine with a host that takes other times, and a device that waits for it. */
  public EngineOverheads serial(
      double newStepSeconds, double newSequenceSeconds, double newRequestSeconds) {
    return with(newStepSeconds, newSequenceSeconds, false, newRequestSeconds);
  }

  /**
   * The same engine with another host time of a sequence.
   *
   * @param besideDevice whether host time runs beside the device
   */
  public EngineOverheads hosted(double newSequenceSeconds, boolean besideDevice) {
    return with(stepSeconds, newSequenceSeconds, besideDevice, requestSeconds);
  }

  /**
   * The same engine over slower kernels.
   *
   * @param factor on the time of all work but exchanges, above 0
   */
  public EngineOverheads stretched(double factor) {
    return new EngineOverheads(
        stepSeconds,
        layerSeconds,
        sequenceSeconds,
        asynchronous,
        launchShare,
        eagerLayerSeconds,
        exchangeSeconds,
        networkStretch,
        factor * memoryStretch,
        factor * computeStretch,
        factor * attentionStretch,
        ungroupedShare,
        requestSeconds,
        promptTokenSeconds,
        experts,
        handoverSeconds,
        origin);
  }

  private EngineOverheads with(
      double newStepSeconds,
      double newSequenceSeconds,
      boolean asynchronousHost,
      double newRequestSeconds) {
    return new EngineOverheads(
        newStepSeconds,
        layerSeconds,
        newSequenceSeconds,
        asynchronousHost,
        launchShare,
        eagerLayerSeconds,
        exchangeSeconds,
        networkStretch,
        memoryStretch,
        computeStretch,
        attentionStretch,
        ungroupedShare,
        newRequestSeconds,
        promptTokenSeconds,
        experts,
        handoverSeconds,
        origin);
  }

  /**
   * An engine that adds nothing to kernels that start from captured graphs.
   *
   * @param launchShare share of their launches that is left, 0 to 1
   */
  public static EngineOverheads captured(double launchShare) {
    return new EngineOverheads(
        0, 0, 0, true, launchShare, 0, 0, 1, 1, 1, 1, 0, 0, 0, OfExperts.NONE, 0, Origin.NONE);
  }

  /** Whether steps take no longer than their kernels; launches of these may be hidden. */
  public boolean leavesSteps() {
    return stepSeconds == 0
        && layerSeconds == 0
        && sequenceSeconds == 0
        && eagerLayerSeconds == 0
        && exchangeSeconds == 0
        && networkStretch == 1
        && memoryStretch == 1
        && computeStretch == 1
        && attentionStretch == 1
        && ungroupedShare == 0
        && experts.equals(OfExperts.NONE);
  }

  /**
   * Factor on the time of decoding attention.
   *
   * @param group query heads that have a head of the cache in common, at least 1
   */
  public double attentionFactor(double group) {
    return attentionStretch * (1 + ungroupedShare * (group - 1));
  }

  /**
   * Time of a step.
   *
   * @param deviceSeconds of its kernels, with what is added to these
   * @param layers of the model
   * @param expertLayers those of them that have experts
   * @param sequences in the step
   * @param prompts whether it has prompts
   */
  public double stepSeconds(
      double deviceSeconds, int layers, int expertLayers, double sequences, boolean prompts) {
    double eager = layers * eagerLayerSeconds + expertLayers * experts.eagerSeconds();
    double device = prompts ? Math.max(deviceSeconds, eager) : deviceSeconds;
    double host = stepSeconds + layers * layerSeconds + sequences * sequenceSeconds;
    return asynchronous ? Math.max(device, host) : device + host;
  }

  /** Time of the front end for a request. */
  public double frontEndSeconds(long promptTokens) {
    return requestSeconds + promptTokens * promptTokenSeconds;
  }
}
