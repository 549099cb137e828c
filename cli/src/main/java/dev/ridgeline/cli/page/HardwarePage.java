package dev.ridgeline.cli.page;

import dev.ridgeline.catalog.hardware.ChipSheet;
import dev.ridgeline.catalog.hardware.PlatformSheet;
import dev.ridgeline.catalog.sourced.Figure;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A chip or a platform on one page: its figures, each with its source. */
public final class HardwarePage {
  private static final int LABEL = 38;
  private static final int VALUE = 16;

  private HardwarePage() {}

  /** The page of a chip. */
  public static String of(Style style, ChipSheet sheet) {
    Page page = new Page(style);
    Chip chip = sheet.chip();
    page.heading(chip.name() + ": " + chip.title());
    List<String> facts = new ArrayList<>(List.of(chip.vendor(), chip.architecture()));
    if (!chip.process().isEmpty()) {
      facts.add(chip.process());
    }
    sheet.released().ifPresent(date -> facts.add("since " + date));
    sheet.derivedFrom().ifPresent(base -> facts.add("derived from " + base));
    page.line(style.dim(String.join(style.separator(), facts)));
    aliases(page, sheet.aliases());
    figures(page, sheet.figures());
    page.list("Notes", sheet.notes());
    return page.finish();
  }

  /** The page of a platform. */
  public static String of(Style style, PlatformSheet sheet) {
    Page page = new Page(style);
    Platform platform = sheet.platform();
    page.heading(platform.name() + (sheet.title().isEmpty() ? "" : ": " + sheet.title()));
    List<String> facts =
        new ArrayList<>(
            List.of(
                platform.chips() + " x " + platform.chip().name(),
                platform.chipsPerNode() + " to a host"));
    platform.price().ifPresent(price -> facts.add(price + " per device"));
    sheet.derivedFrom().ifPresent(base -> facts.add("derived from " + base));
    page.line(style.dim(String.join(style.separator(), facts)));
    aliases(page, sheet.aliases());
    page.gap().heading("Network, innermost level first");
    if (platform.levels().isEmpty()) {
      page.line(platform.chips() == 1 ? "  one chip" : "  none known");
    }
    for (NetworkLevel level : platform.levels()) {
      page.hanging(
          "  "
              + Page.left(level.name(), LABEL)
              + Page.right(level.bandwidth().toString(), VALUE)
              + "   ",
          level.size()
              + " by "
              + level.kind().key()
              + ", "
              + level.latency()
              + " a hop"
              + (level.reducesInNetwork() ? ", adds in the network" : ""));
    }
    // A chip that only this platform describes is found nowhere else.
    Optional<String> base = sheet.chip().derivedFrom();
    Map<String, Figure> all = new LinkedHashMap<>(sheet.figures());
    base.ifPresent(name -> sheet.chip().figures().forEach((path, f) -> all.put("chip." + path, f)));
    figures(page, all);
    page.list("Notes", platform.notes());
    page.gap()
        .line(
            style.dim(
                base.map("Its chip derives from %1$s: 'ridgeline show chip %1$s'."::formatted)
                    .orElseGet(() ->
                        "'ridgeline show chip %s' shows its chip."
                            .formatted(platform.chip().name()))));
    return page.finish();
  }

  private static void aliases(Page page, List<String> aliases) {
    if (!aliases.isEmpty()) {
      page.hanging("also called ", String.join(", ", aliases));
    }
  }

  private static void figures(Page page, Map<String, Figure> figures) {
    if (figures.isEmpty()) {
      return;
    }
    page.gap().heading("Figures");
    List<String> sources = new ArrayList<>();
    for (Map.Entry<String, Figure> figure : figures.entrySet()) {
      String source = figure.getValue().source();
      if (!sources.contains(source)) {
        sources.add(source);
      }
      String number = "[" + (sources.indexOf(source) + 1) + "]";
      String lead =
          "  "
              + Page.left(figure.getKey(), LABEL)
              + Page.right(figure.getValue().value(), VALUE)
              + "   ";
      page.hanging(lead, figure.getValue().note().map(note -> number + " " + note).orElse(number));
    }
    page.gap().heading("Sources");
    for (int index = 0; index < sources.size(); index++) {
      page.hanging("  " + Page.left("[" + (index + 1) + "]", 5), sources.get(index));
    }
  }
}
