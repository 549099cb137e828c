package dev.ridgeline.serving.traffic;

/** The rows of a trace in the form of its publisher. */
interface TraceRows {
  /**
   * Takes a row apart: fills in everything but the time.
   *
   * @return false for a row that is no request, such as one that failed when it was recorded
   */
  boolean read(String row, Arrival into);

  /** When the request of the row just read came, in seconds, as the row has it. */
  double seconds();

  /** That time as it is written. */
  String timeText();
}
