package dev.ridgeline.calibration.batch;

import java.util.Map;

/** Chips of published runs as the catalog calls them. */
final class PublishedChips {
  static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("AMD MI250", "mi250"),
          Map.entry("AMD MI300X", "mi300x"),
          Map.entry("AMD MI325X", "mi325x"),
          Map.entry("AMD MI355X", "mi355x"),
          Map.entry("Intel Gaudi2", "gaudi-2"),
          Map.entry("Intel Max 1550", "max-1550"),
          Map.entry("Intel Max 1550 (PVC label)", "max-1550"),
          Map.entry("NVIDIA A100 40GB", "a100-sxm-40gb"),
          Map.entry("NVIDIA A100 SXM 80GB", "a100-sxm-80gb"),
          Map.entry("NVIDIA B200 180GB", "b200-sxm"),
          Map.entry("NVIDIA GB200 192GB", "gb200"),
          Map.entry("NVIDIA GB300", "gb300"),
          Map.entry("NVIDIA GH200 96GB", "gh200"),
          Map.entry("NVIDIA H100 SXM 80GB", "h100-sxm"),
          Map.entry("NVIDIA H200 NVL", "h200-nvl"),
          Map.entry("NVIDIA H200 SXM 141GB", "h200-sxm"),
          Map.entry("NVIDIA L40S", "l40s"),
          Map.entry("NVIDIA RTX PRO 6000 Blackwell SE", "rtx-pro-6000"),
          Map.entry("SambaNova SN40L", "sn40l"));

  private PublishedChips() {}
}
