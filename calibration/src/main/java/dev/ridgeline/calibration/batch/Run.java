package dev.ridgeline.calibration.batch;

/**
 * A measured run, taken apart.
 *
 * @param engine whose constants it tells
 * @param chip catalog name, with a mark where two series of a chip disagree
 * @param known whether the cost model knows the chip's kernels or those of a sibling
 * @param model catalog name
 * @param expressed in the terms of the catalog
 * @param work steps of the run
 */
record Run(
    String engine,
    String chip,
    boolean known,
    String model,
    Expression.Expressed expressed,
    Work work) {

  /** Runs that have constants in common. */
  String group() {
    return engine + " | " + chip;
  }

  double seconds() {
    return expressed.row().seconds();
  }
}
