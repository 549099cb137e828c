package dev.ridgeline.testdomain;

import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.ChipSet;
import dev.ridgeline.platform.Host;
import dev.ridgeline.platform.Link;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.MemoryKind;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.Power;
import dev.ridgeline.platform.Price;
import dev.ridgeline.platform.SharedMemory;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.FlopsPerSecond;
import dev.ridgeline.units.Hertz;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.units.Watts;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chips whose figures are round numbers, joined in the usual ways. */
public final class TestPlatforms {
  private TestPlatforms() {}

  /** 1 PFLOP/s in bf16, 2 in fp8, 4 TB/s, 100 GB, 500 GB/s to peers, 50 GB/s to the host. */
  public static Chip roundChip() {
    return chip(1e15, 4e12, 5e11);
  }

  /** As {@link #chip}, with 100 multiprocessors at 1.5 GHz and 50 MB of cache. */
  public static Chip cachedChip(
      double bf16FlopsPerSecond, double memoryBytesPerSecond, double linkBytesPerSecond) {
    Chip chip = chip(bf16FlopsPerSecond, memoryBytesPerSecond, linkBytesPerSecond);
    return new Chip(
        chip.name(),
        chip.title(),
        chip.vendor(),
        chip.architecture(),
        chip.process(),
        100,
        Optional.of(new Hertz(1.5e9)),
        chip.matrix(),
        chip.vector(),
        List.of(
            chip.mainMemory(),
            new MemoryTier("l2", MemoryKind.SRAM, new Bytes(5e7), Optional.empty())),
        chip.scaleUp(),
        chip.scaleOut(),
        chip.host(),
        chip.nodeChips(),
        chip.nodeName(),
        chip.hostPower(),
        chip.power(),
        chip.price());
  }

  /** A chip with the given bf16 peak, memory bandwidth and link bandwidth. */
  public static Chip chip(
      double bf16FlopsPerSecond, double memoryBytesPerSecond, double linkBytesPerSecond) {
    return new Chip(
        "round",
        "Round",
        "Test",
        "test",
        "",
        0,
        Optional.empty(),
        Map.of(
            Arithmetic.BF16,
            new FlopsPerSecond(bf16FlopsPerSecond),
            Arithmetic.FP8,
            new FlopsPerSecond(2 * bf16FlopsPerSecond)),
        Map.of(Arithmetic.FP32, new FlopsPerSecond(bf16FlopsPerSecond / 10)),
        List.of(
            new MemoryTier(
                "hbm",
                MemoryKind.HBM3,
                new Bytes(1e11),
                Optional.of(new BytesPerSecond(memoryBytesPerSecond)))),
        Optional.of(
            new Link(
                "link",
                LinkKind.SWITCH,
                new BytesPerSecond(linkBytesPerSecond),
                new Seconds(1e-6),
                8,
                false)),
        Optional.of(
            new Link(
                "fabric",
                LinkKind.SWITCH,
                new BytesPerSecond(linkBytesPerSecond / 10),
                new Seconds(5e-6),
                0,
                false)),
        Optional.of(
            new Link(
                "host",
                LinkKind.HOST,
                new BytesPerSecond(linkBytesPerSecond / 10),
                new Seconds(2e-6),
                0,
                false)),
        8,
        "",
        Optional.empty(),
        roundHost(),
        new Power(
            Optional.of(new Watts(1000)), Optional.empty(), Map.of(), Map.of(), Optional.empty()),
        Optional.of(new Price(new UsdPerHour(3.6), "2026-01", "test")));
  }

  /** For eight chips 800 GB at 8 TB/s and drives of 8 TB that read 40 GB/s and write 20 GB/s. */
  public static Host roundHost() {
    return new Host(
        Optional.empty(),
        List.of(
            new SharedMemory(
                SharedMemory.HOST,
                new Bytes(8e11),
                new BytesPerSecond(8e12),
                new BytesPerSecond(8e12)),
            new SharedMemory(
                SharedMemory.NVME,
                new Bytes(8e12),
                new BytesPerSecond(4e10),
                new BytesPerSecond(2e10))));
  }

  /** Nodes of eight round chips. */
  public static Platform nodes(int nodes, int chipsPerNode) {
    return nodes(nodes, chipsPerNode, roundChip());
  }

  /** Nodes of the given chip. */
  public static Platform nodes(int nodes, int chipsPerNode, Chip chip) {
    return ChipSet.of(nodes + "x" + chipsPerNode + "x" + chip.name(), nodes, chipsPerNode, chip);
  }
}
