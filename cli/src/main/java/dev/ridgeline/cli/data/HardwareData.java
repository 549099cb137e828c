package dev.ridgeline.cli.data;

import dev.ridgeline.catalog.hardware.ChipSheet;
import dev.ridgeline.catalog.hardware.PlatformSheet;
import dev.ridgeline.catalog.sourced.Figure;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Link;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Hertz;
import dev.ridgeline.units.Quantity;
import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.workload.Arithmetic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The keys of chips and platforms: what is computed with, and where every figure comes from. */
public final class HardwareData {
  private HardwareData() {}

  /** A chip. */
  public static Data.Fields of(ChipSheet sheet) {
    Chip chip = sheet.chip();
    Data.Builder memory = Data.fields();
    for (MemoryTier tier : chip.memory()) {
      memory.put(
          tier.name(),
          Data.fields()
              .put("kind", tier.kind().key())
              .put("capacity_bytes", tier.capacity().value())
              .put("bandwidth_bytes_per_s", number(tier.bandwidth().map(BytesPerSecond::value))));
    }
    return Data.fields()
        .put("schema_version", EstimateData.VERSION)
        .put("name", chip.name())
        .put("title", chip.title())
        .put("vendor", chip.vendor())
        .put("architecture", chip.architecture())
        .put("process", chip.process())
        .put("released", text(sheet.released()))
        .put("aliases", Data.texts(sheet.aliases()))
        .put("derived_from", text(sheet.derivedFrom()))
        .put("units", chip.units())
        .put("clock_hz", number(chip.clock().map(Hertz::value)))
        .put("matrix_flops_per_s", peaks(chip.matrix()))
        .put("vector_flops_per_s", peaks(chip.vector()))
        .put("memory", memory)
        .put(
            "links",
            Data.fields()
                .put("scale_up", link(chip.scaleUp()))
                .put("scale_out", link(chip.scaleOut()))
                .put("host", link(chip.host())))
        .put("node_chips", chip.nodeChips())
        .put("node_name", chip.nodeName())
        .put("tdp_w", quantity(chip.power().tdp()))
        .put("sustained_w", quantity(chip.power().sustained()))
        .put("idle_w", quantity(chip.power().idle()))
        .put("price_usd_per_hour", number(chip.price().map(price -> price.perDevice().value())))
        .put("figures", figures(sheet.figures()))
        .put("notes", Data.texts(sheet.notes()))
        .build();
  }

  /** A platform. */
  public static Data.Fields of(PlatformSheet sheet) {
    Platform platform = sheet.platform();
    List<Data> levels = new ArrayList<>();
    for (NetworkLevel level : platform.levels()) {
      levels.add(
          Data.fields()
              .put("name", level.name())
              .put("kind", level.kind().key())
              .put("size", level.size())
              .put("bandwidth_bytes_per_s", level.bandwidth().value())
              .put("latency_s", level.latency().value())
              .put("in_network_reduction", level.reducesInNetwork())
              .build());
    }
    return Data.fields()
        .put("schema_version", EstimateData.VERSION)
        .put("name", platform.name())
        .put("title", sheet.title())
        .put("aliases", Data.texts(sheet.aliases()))
        .put("derived_from", text(sheet.derivedFrom()))
        .put("chip", platform.chip().name())
        .put("chips", platform.chips())
        .put("chips_per_node", platform.chipsPerNode())
        .put("levels", new Data.Items(levels))
        .put("host_power_w", quantity(platform.hostPower()))
        .put("price_usd_per_hour", number(platform.price().map(UsdPerHour::value)))
        .put("figures", figures(sheet.figures()))
        .put("notes", Data.texts(platform.notes()))
        .build();
  }

  private static Data.Builder peaks(Map<Arithmetic, FlopsPerSecond> peaks) {
    Data.Builder all = Data.fields();
    for (Map.Entry<Arithmetic, FlopsPerSecond> peak : peaks.entrySet()) {
      all.put(peak.getKey().key(), peak.getValue().value());
    }
    return all;
  }

  private static Data link(Optional<Link> link) {
    if (link.isEmpty()) {
      return new Data.Nothing();
    }
    Link it = link.get();
    return Data.fields()
        .put("name", it.name())
        .put("kind", it.kind().key())
        .put("bandwidth_bytes_per_s", it.bandwidth().value())
        .put("latency_s", it.latency().value())
        .put("domain", it.domain() == 0 ? new Data.Nothing() : new Data.Whole(it.domain()))
        .put("in_network_reduction", it.reducesInNetwork())
        .build();
  }

  private static Data.Builder figures(Map<String, Figure> figures) {
    Data.Builder all = Data.fields();
    for (Map.Entry<String, Figure> figure : figures.entrySet()) {
      all.put(
          figure.getKey(),
          Data.fields()
              .put("value", figure.getValue().value())
              .put("source", figure.getValue().source())
              .put("note", text(figure.getValue().note())));
    }
    return all;
  }

  private static Data text(Optional<String> text) {
    return text.<Data>map(Data.Text::new).orElseGet(Data.Nothing::new);
  }

  private static OptionalDouble quantity(Optional<? extends Quantity> quantity) {
    return number(quantity.map(Quantity::value));
  }

  private static OptionalDouble number(Optional<Double> value) {
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }
}
