package dev.ridgeline.catalog.document;

import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;

/** A part of a document, with the place where it stands. */
public sealed interface Node permits MappingNode, SequenceNode, ScalarNode {
  /** Where the node begins. */
  Location location();

  /** The way to the node from the top of its document. */
  FieldPath path();

  /** What the node is, in words, for messages: {@code a mapping}, {@code the text "x"}. */
  String describe();

  /** The same node and all below it, found at another path. */
  Node movedTo(FieldPath path);

  /** A problem with this node, naming its file, line and path. */
  default Problem problem(String description) {
    return Problem.of(description)
        .at(location().file(), location().line())
        .withField(path().toString());
  }

  /**
   * What was refused because of this node, said where it stands.
   *
   * @param value what the node says
   */
  default InputException refusal(InputException refused, String value) {
    return new InputException(
        refused
            .problem()
            .at(location().file(), location().line())
            .withField(path().toString())
            .withValue(value),
        refused);
  }
}
