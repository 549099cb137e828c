package dev.ridgeline.platform;

import dev.ridgeline.units.UsdPerHour;
import dev.ridgeline.units.Watts;
import java.util.List;
import java.util.Optional;

/**
 * Equal chips joined by a hierarchical network.
 *
 * @param name such as {@code 8xh100-sxm}
 * @param chip the chip
 * @param chips how many
 * @param levels network levels, innermost first; the product of their sizes is {@code chips}; empty
 *     for one chip, or where chips cannot reach each other
 * @param chipsPerNode chips that share one host
 * @param hostPower what one node draws beside its chips, where known
 * @param host what the chips of one node share beside themselves
 * @param price price of one device for an hour, where known
 * @param priceSource where the price comes from, with its date; empty where there is none
 * @param notes what a user should know, such as a level that is missing
 */
public record Platform(
    String name,
    Chip chip,
    int chips,
    List<NetworkLevel> levels,
    int chipsPerNode,
    Optional<Watts> hostPower,
    Host host,
    Optional<UsdPerHour> price,
    String priceSource,
    List<String> notes) {

  /** A platform with the host of its chip's standard node. */
  public Platform(
      String name,
      Chip chip,
      int chips,
      List<NetworkLevel> levels,
      int chipsPerNode,
      Optional<Watts> hostPower,
      Optional<UsdPerHour> price,
      String priceSource,
      List<String> notes) {
    this(
        name,
        chip,
        chips,
        levels,
        chipsPerNode,
        hostPower,
        chip.hostOf(chipsPerNode),
        price,
        priceSource,
        notes);
  }

  public Platform {
    levels = List.copyOf(levels);
    notes = List.copyOf(notes);
    if (chips < 1 || chipsPerNode < 1) {
      throw new IllegalArgumentException(
          "platform %s: %d chips, %d a node".formatted(name, chips, chipsPerNode));
    }
    long joined = levels.stream().mapToLong(NetworkLevel::size).reduce(1, (a, b) -> a * b);
    if (!levels.isEmpty() && joined != chips) {
      throw new IllegalArgumentException(
          "platform %s: levels join %d chips, not %d".formatted(name, joined, chips));
    }
  }

  /** Whether chips can exchange data. */
  public boolean connected() {
    return chips == 1 || !levels.isEmpty();
  }

  /** The same platform beside another host. */
  public Platform withHost(Host newHost) {
    return new Platform(
        name, chip, chips, levels, chipsPerNode, hostPower, newHost, price, priceSource, notes);
  }

  /** The same platform at another price. */
  public Platform withPrice(UsdPerHour newPrice, String source) {
    return new Platform(
        name,
        chip,
        chips,
        levels,
        chipsPerNode,
        hostPower,
        host,
        Optional.of(newPrice),
        source,
        notes);
  }

  /** The same platform made of another chip: a sweep's step. */
  public Platform withChip(Chip newChip) {
    return new Platform(
        name, newChip, chips, levels, chipsPerNode, hostPower, host, price, priceSource, notes);
  }
}
