package dev.ridgeline.papers.run;

import java.util.Comparator;

/**
 * A published figure and ours, both in the published unit.
 *
 * @param label which of several it is; empty where there is one
 * @param group what it is summed up with; empty where nothing is
 * @param published what the paper says
 * @param ours what we compute
 */
public record Comparison(String label, String group, double published, double ours) {
  /** By how far they are apart, whichever is larger. */
  static final Comparator<Comparison> BY_DISTANCE =
      Comparator.comparingDouble(Comparison::distance);

  /** A comparison that is not summed up with others. */
  public Comparison(String label, double published, double ours) {
    this(label, "", published, ours);
  }

  /** Ours over the published one. */
  public double ratio() {
    return ours / published;
  }

  private double distance() {
    return ours == published ? 0 : Math.abs(Math.log(ratio()));
  }

  /** Whether ours is off by at most a share of the published figure. */
  public boolean within(double relative) {
    // Figures that should be equal may differ by rounding.
    return Math.abs(ours - published) <= (relative + 1e-9) * Math.abs(published);
  }
}
