package dev.ridgeline.platform;

import java.util.Locale;

/**
 * What links are made of. Libraries of collectives reach other shares of the rate, in other times,
 * on one medium than on another, whatever the chips.
 */
public enum Medium {
  /** Through bridges or switches. */
  NVLINK,
  /** Slots of a host, whether cards meet in its processors or in switches. */
  PCIE,
  INFINITY_FABRIC,
  /** Of a vendor's own, or a network. */
  OTHER;

  /** The name in answers, such as {@code infinity-fabric}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The medium of a level: what its name starts with, and the host's slots where it is that. */
  public static Medium of(NetworkLevel level) {
    if (level.kind() == LinkKind.HOST) {
      return PCIE;
    }
    String name = level.name().toLowerCase(Locale.ROOT);
    for (Medium medium : values()) {
      if (name.startsWith(medium.key())) {
        return medium;
      }
    }
    return name.startsWith("xgmi") ? INFINITY_FABRIC : OTHER;
  }
}
