package dev.ridgeline.catalog.profile;

import dev.ridgeline.catalog.shelf.NameList;
import dev.ridgeline.catalog.shelf.Shelf;
import java.util.Optional;

/**
 * An engine whose constants are wanted.
 *
 * @param name as somebody spells it
 * @param version release; empty for any
 */
public record EngineName(String name, Optional<String> version) {

  private static final String NO_ENGINE = "generic";

  /**
   * Reads {@code trtllm} or {@code trtllm@1.3.0rc20}. The engine must be one of the catalog's; the
   * release may be any.
   */
  public static EngineName parse(String text) {
    int at = text.indexOf('@');
    String name = (at < 0 ? text : text.substring(0, at)).strip();
    Shelf.ENGINES.names().require(name);
    return new EngineName(
        name, at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1).strip()));
  }

  /** Whether both mean the same engine, however they are spelt. */
  boolean isEngine(String other) {
    return canonical(name).equals(canonical(other));
  }

  /** Whether no engine in particular is meant. */
  boolean isAny() {
    return canonical(name).equals(NO_ENGINE);
  }

  private static String canonical(String name) {
    return Shelf.ENGINES.find(name).orElseGet(() -> NameList.key(name));
  }

  @Override
  public String toString() {
    return version.map(release -> name + "-" + release).orElse(name);
  }
}
