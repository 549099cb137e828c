package dev.ridgeline.cli.page;

import dev.ridgeline.estimate.MemoryLedger;
import java.util.ArrayList;
import java.util.List;

/** Who holds a device's memory. */
public final class MemorySection {
  private static final int LABEL = 24;
  private static final int VALUE = 16;
  private static final int BAR = 38;
  private static final long UNLIMITED = 1_000_000_000L;

  private final Page page;

  MemorySection(Page page) {
    this.page = page;
  }

  /**
   * Adds the ledger.
   *
   * @param engine who reserves
   * @param blockTokens tokens of one cache block
   */
  void add(MemoryLedger memory, String engine, int blockTokens) {
    page.gap()
        .line(
            page.style().bold("Memory")
                + "  "
                + page.style()
                    .bold(
                        "%s of %s"
                            .formatted(
                                Figures.bytes(memory.totalBytes()),
                                Figures.bytes(memory.capacityBytes())))
                + page.style()
                    .dim(
                        ", the fullest device"
                            + page.style().separator()
                            + largestBatch(memory.largestBatch())));
    lines(memory, engine);
    if (memory.kvBytesPerToken() > 0) {
      page.line(
          "  "
              + Page.left("room for cache", LABEL)
              + Page.right(Figures.count(memory.kvCapacityTokens()) + " tok", VALUE)
              + "  in %s blocks of %d, %s a token"
                  .formatted(
                      Figures.count(memory.kvCapacityBlocks()),
                      blockTokens,
                      Figures.bytes(memory.kvBytesPerToken())));
    }
  }

  private static String largestBatch(long batch) {
    return batch >= UNLIMITED
        ? "memory sets no limit to the batch"
        : "at most " + Figures.count(batch) + " requests in flight";
  }

  void lines(MemoryLedger memory, String engine) {
    line("weights", memory.weightsBytes(), memory);
    line("cache and states", memory.kvBytes(), memory);
    line("activations", memory.activationBytes(), memory);
    line("communication", memory.communicationBytes(), memory);
    if (memory.streamingBytes() > 0) {
      line("buffers of streams", memory.streamingBytes(), memory);
    }
    line("reserved by " + engine, memory.reservedBytes(), memory);
    double free = memory.capacityBytes() - memory.totalBytes();
    if (free >= 0) {
      line("free", free, memory);
    }
    memory.otherTiers().forEach(this::otherTier);
  }

  private void otherTier(MemoryLedger.TierUse tier) {
    List<String> parts = new ArrayList<>();
    part("weights", tier.weightsBytes(), parts);
    part("cache and states", tier.kvBytes(), parts);
    part("buffers", tier.streamingBytes(), parts);
    page.line(
        "  "
            + Page.left("in " + tier.name(), LABEL)
            + Page.right(Figures.bytes(tier.totalBytes()), VALUE)
            + Page.right(Figures.percent(tier.totalBytes() / tier.capacityBytes()), 9)
            + "  of this device's %s: %s"
                .formatted(Figures.bytes(tier.capacityBytes()), String.join(", ", parts)));
  }

  private static void part(String what, double bytes, List<String> into) {
    if (bytes > 0) {
      into.add(what + " " + Figures.bytes(bytes));
    }
  }

  private void line(String label, double bytes, MemoryLedger memory) {
    double share = bytes / memory.capacityBytes();
    page.line(
        "  "
            + Page.left(label, LABEL)
            + Page.right(Figures.bytes(bytes), VALUE)
            + Page.right(Figures.percent(share), 9)
            + "  "
            + page.style().bar(share, BAR));
  }
}
