package dev.ridgeline.mapping;

/**
 * What an engine adds to the work of its kernels. Host time is that of the process that schedules,
 * prepares inputs and handles sampled tokens; it comes once in a step.
 *
 * @param stepSeconds host time of a step, at least 0
 * @param sequenceSeconds host time of each sequence in a step, at least 0
 * @param asynchronous whether the host prepares a step while the device runs the one before, so
 *     that the longer of both counts; else the device waits
 * @param launchShare share of the kernels' launches that is left when neighbours are fused or start
 *     early, 0 to 1; 1 for kernels as they are timed one by one
 * @param requestSeconds front end's time for a request (reading, tokenizing, handing over), in
 *     which it serves no other, at least 0
 * @param promptTokenSeconds the same for each token of its prompt, at least 0
 */
public record EngineOverheads(
    double stepSeconds,
    double sequenceSeconds,
    boolean asynchronous,
    double launchShare,
    double requestSeconds,
    double promptTokenSeconds) {

  /** An engine that costs nothing. */
  public static final EngineOverheads NONE = new EngineOverheads(0, 0, true, 1, 0, 0);

  public EngineOverheads {
    requireTime("step", stepSeconds);
    requireTime("sequence", sequenceSeconds);
    requireTime("request", requestSeconds);
    requireTime("prompt token", promptTokenSeconds);
    if (!(launchShare >= 0 && launchShare <= 1)) {
      throw new IllegalArgumentException("launch share " + launchShare);
    }
  }

  private static void requireTime(String name, double seconds) {
    if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("%s of %s s".formatted(name, seconds));
    }
  }

  /** The same engine with a device that waits for its host. */
  public EngineOverheads serial() {
    return new EngineOverheads(
        stepSeconds, sequenceSeconds, false, launchShare, requestSeconds, promptTokenSeconds);
  }

  /**
   * Time of a step.
   *
   * @param deviceSeconds of its kernels, timed one by one
   * @param launchSeconds of these, launches
   * @param sequences in the step
   */
  public double stepSeconds(double deviceSeconds, double launchSeconds, double sequences) {
    double device = deviceSeconds - (1 - launchShare) * launchSeconds;
    double host = stepSeconds + sequences * sequenceSeconds;
    return asynchronous ? Math.max(device, host) : device + host;
  }

  /** Time of the front end for a request. */
  public double frontEndSeconds(long promptTokens) {
    return requestSeconds + promptTokens * promptTokenSeconds;
  }
}
