package dev.ridgeline.catalog.profile;

import dev.ridgeline.catalog.shelf.NameList;
import dev.ridgeline.catalog.shelf.Shelf;
import dev.ridgeline.units.Problem;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An engine whose constants are wanted.
 *
 * @param name as somebody spells it
 * @param version release; empty for any
 */
public record EngineName(String name, Optional<String> version) {

  private static final String NO_ENGINE = "generic";
  private static final Pattern OWN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

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

  /**
   * As {@link #parse}, also of an engine that the catalog does not know: somebody's own.
   *
   * @throws dev.ridgeline.units.InputException for what cannot be a name
   */
  public static EngineName own(String text) {
    int at = text.indexOf('@');
    String name = (at < 0 ? text : text.substring(0, at)).strip();
    if (!OWN.matcher(name).matches()) {
      throw Problem.of("must be letters, digits, . _ and -").withValue(name).exception();
    }
    return new EngineName(
        name, at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1).strip()));
  }

  /** Whether the catalog knows it. */
  public boolean isKnown() {
    return Shelf.ENGINES.find(name).isPresent();
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
