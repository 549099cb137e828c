package dev.ridgeline.serving.batch;

/** What a batch costs: a closed form, a bound program of the core, or a table. */
public interface BatchCost {
  /**
   * Fills in the time of each pipeline stage.
   *
   * @param stageSeconds one entry a stage, in SI seconds
   * @return energy beyond what idling takes, in joules; NaN where it is not known
   */
  double price(Batch batch, double[] stageSeconds);
}
