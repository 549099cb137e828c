package dev.ridgeline.serving.metrics;

import dev.ridgeline.serving.request.RequestTable;

/** Counts the requests that meet their objectives; refused ones meet none. */
public final class Attainment implements RequestSink {
  private final Slo slo;
  private long requests;
  private long ttft;
  private long tpot;
  private long endToEnd;
  private long all;
  private long allTokens;

  /** Nothing counted yet. */
  public Attainment(Slo slo) {
    this.slo = slo;
  }

  @Override
  public void ended(RequestTable table, int slot) {
    if (!table.counted[slot]) {
      return;
    }
    boolean first = slo.ttftMet(table, slot);
    boolean gaps = slo.tpotMet(table, slot);
    boolean whole = slo.endToEndMet(table, slot);
    requests++;
    ttft += first ? 1 : 0;
    tpot += gaps ? 1 : 0;
    endToEnd += whole ? 1 : 0;
    if (first && gaps && whole) {
      all++;
      allTokens += table.output[slot];
    }
  }

  @Override
  public void rejected(RequestTable table, int slot) {
    if (table.counted[slot]) {
      requests++;
    }
  }

  /** What was asked. */
  public Slo slo() {
    return slo;
  }

  /** Requests that ended or were refused. */
  public long requests() {
    return requests;
  }

  /** Requests that met everything. */
  public long met() {
    return all;
  }

  /** Output tokens of these. */
  public long metTokens() {
    return allTokens;
  }

  /** Share of the requests that met everything; NaN of none. */
  public double share() {
    return (double) all / requests;
  }

  /** Share that had the first token in time. */
  public double ttftShare() {
    return (double) ttft / requests;
  }

  /** Share whose tokens followed in time. */
  public double tpotShare() {
    return (double) tpot / requests;
  }

  /** Share that ended in time. */
  public double endToEndShare() {
    return (double) endToEnd / requests;
  }
}
