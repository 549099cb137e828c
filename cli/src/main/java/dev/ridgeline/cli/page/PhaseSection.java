package dev.ridgeline.cli.page;

import dev.ridgeline.estimate.OperatorReport;
import dev.ridgeline.estimate.PhaseReport;
import dev.ridgeline.mapping.OperatorKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where the time of a phase goes. */
final class PhaseSection {
  private static final int LABEL = 13;
  private static final int BAR = 38;
  private static final int GAP = 2;
  private static final double SAME = 0.01;
  private static final List<String> PARTS =
      List.of("compute", "memory", "network", "overhead", "power limit", "pipeline", "offload");

  private final Page page;

  PhaseSection(Page page) {
    this.page = page;
  }

  void add(PhaseReport phase, String title) {
    Style style = page.style();
    List<String> sums = new ArrayList<>();
    sums.add(Figures.flops(phase.flops()));
    sums.add("memory " + Figures.bytes(phase.trafficBytes()));
    if (phase.networkBytes() > 0) {
      sums.add("network " + Figures.bytes(phase.networkBytes()));
    }
    page.gap()
        .line(
            style.bold(title)
                + "  "
                + style.bold(Figures.time(phase.timeSeconds()))
                + ", bound by "
                + style.bold(phase.bound().key())
                + style.dim(style.separator() + String.join(style.separator(), sums)));
    timeSplit(phase);
    streams(phase);
    kinds(phase);
  }

  /** Bytes of each memory, and how much of the streaming is hidden. */
  private void streams(PhaseReport phase) {
    if (phase.streamSeconds() == 0) {
      return;
    }
    List<String> tiers = new ArrayList<>();
    for (PhaseReport.TierTraffic tier : phase.traffic()) {
      tiers.add(tier.tier() + " " + Figures.bytes(tier.bytes()));
    }
    page.line("  " + Page.left("traffic", LABEL) + String.join(", ", tiers));
    page.line(
        "  "
            + Page.left("streaming", LABEL)
            + "%s, of which %s hide behind other work"
                .formatted(
                    Figures.time(phase.streamSeconds()),
                    Figures.time(phase.hiddenStreamSeconds())));
  }

  private void timeSplit(PhaseReport phase) {
    Style style = page.style();
    double[] parts = {
      phase.computeSeconds(),
      phase.memorySeconds(),
      phase.networkSeconds(),
      phase.overheadSeconds(),
      phase.powerSeconds(),
      phase.pipelineSeconds(),
      phase.offloadSeconds()
    };
    double total = 0;
    for (double part : parts) {
      total += part;
    }
    StringBuilder legend = new StringBuilder();
    int columns = 0;
    for (int index = 0; index < parts.length; index++) {
      if (total > 0 && parts[index] / total >= 0.005) {
        String words = " " + PARTS.get(index) + " " + Figures.roughPercent(parts[index] / total);
        // Rare are more than three parts; they get a line of their own.
        int gap = columns > 0 ? GAP : 0;
        if (columns + gap + 1 + words.length() > Style.WIDTH - LABEL - BAR - 4) {
          legend.append('\n').append(" ".repeat(LABEL + BAR + 4));
          columns = 0;
          gap = 0;
        }
        legend.append(" ".repeat(gap)).append(style.legend(index)).append(words);
        columns += gap + 1 + words.length();
      }
    }
    page.line("  " + Page.left("time", LABEL) + style.splitBar(parts, BAR) + "  " + legend);
  }

  private void kinds(PhaseReport phase) {
    Map<OperatorKind, Double> byKind = new EnumMap<>(OperatorKind.class);
    double total = 0;
    for (OperatorReport operator : phase.operators()) {
      byKind.merge(operator.kind(), operator.timeSeconds(), Double::sum);
      total += operator.timeSeconds();
    }
    // Where operators overlap or micro-batches repeat, their times do not add up to the phase's.
    boolean addsUp = Math.abs(total - phase.timeSeconds()) <= SAME * phase.timeSeconds();
    List<Map.Entry<OperatorKind, Double>> entries = new ArrayList<>(byKind.entrySet());
    entries.sort((one, other) -> Double.compare(other.getValue(), one.getValue()));
    for (Map.Entry<OperatorKind, Double> entry : entries) {
      double share = total > 0 ? entry.getValue() / total : 0;
      page.line(
          "  "
              + Page.left(entry.getKey().key(), LABEL)
              + page.style().bar(share, BAR)
              + "  "
              + Page.right(Figures.percent(share), 7)
              + (addsUp ? Page.right(Figures.time(entry.getValue()), 12) : ""));
    }
  }
}
