package dev.ridgeline.papers.pack;

/** How a published figure was made of several. */
public enum Aggregate {
  /** It is one figure, or a table of them. */
  SINGLE,
  MAX,
  /** Smallest and largest. */
  RANGE,
  ARITHMETIC_MEAN,
  GEOMETRIC_MEAN,
  /** A table of measurements, judged by the geometric error of all its rows together. */
  GEOMETRIC_ERROR
}
