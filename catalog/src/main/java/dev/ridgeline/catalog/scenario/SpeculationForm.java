package dev.ridgeline.catalog.scenario;

import dev.ridgeline.catalog.document.MappingReader;
import dev.ridgeline.catalog.document.Node;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.catalog.document.Scalars;
import dev.ridgeline.catalog.document.SequenceNode;
import dev.ridgeline.estimate.Speculation;
import dev.ridgeline.estimate.Speculation.Position;
import dev.ridgeline.workload.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How tokens are drafted, as written; names are still to be looked up.
 *
 * <pre>{@code
 * speculation:
 *   tokens: 4                  # depth of the draft; left out: as many as acceptances are listed
 *   acceptance: 0.8            # or [0.9, 0.8, 0.7, 0.6], one for each position, or a table with a
 *                              # row for each position and a column for each candidate's rank; as
 *                              # an option "0.9, 0.8" and "0.6/0.2, 0.5/0.2"
 *   candidates: 1              # kept of each draft, or [4, 2, 1, 1]: a tree
 *   draft: own-head            # or a model; own-head unless written
 *   draft_layers: 1            # of an own head
 *   draft_platform: rtx-3090   # the target's devices unless written
 *   draft_precision: fp8       # as stored, an own head as the target, unless written
 *   draft_tp: 1
 * }</pre>
 *
 * @param lengthOpen whether the length of a draft is not written
 * @param draft the drafting model; empty for the target's own head
 */
record SpeculationForm(
    List<Position> positions,
    boolean lengthOpen,
    Optional<Node> draft,
    int headLayers,
    Optional<Node> platform,
    Optional<NumberFormat> precision,
    OptionalInt tensor) {

  /** The name that stands for the target's own prediction head. */
  static final String OWN_HEAD = "own-head";

  private static final int MOST_RANKS = 1 << 10;
  private static final int MOST_LAYERS = 64;

  static SpeculationForm read(MappingReader form, Map<String, Optional<NumberFormat>> formats) {
    List<Position> positions = positions(form);
    Optional<Node> draft = form.optionalNode("draft");
    Optional<Node> platform = form.optionalNode("draft_platform");
    if (platform.isPresent() && draft.isEmpty()) {
      throw form.invalid(
          "draft_platform", "names where to draft, but no draft is named: a model or own-head");
    }
    Optional<Node> model = draft.filter(node -> !isOwnHead(node));
    OptionalInt layers = small(form, "draft_layers", MOST_LAYERS);
    if (layers.isPresent() && model.isPresent()) {
      throw form.invalid("draft_layers", "is of an own head; the draft is a model of its own");
    }
    return new SpeculationForm(
        positions,
        form.optionalNode("tokens").isEmpty(),
        model,
        layers.orElse(1),
        platform,
        form.optionalChoice("draft_precision", formats).orElse(Optional.empty()),
        small(form, "draft_tp", MOST_RANKS));
  }

  private static boolean isOwnHead(Node node) {
    return node instanceof ScalarNode scalar && scalar.text().strip().equals(OWN_HEAD);
  }

  private static OptionalInt small(MappingReader form, String name, int most) {
    OptionalLong value = form.optionalInteger(name, 1, most);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private static List<Position> positions(MappingReader form) {
    OptionalInt tokens = small(form, "tokens", Speculation.MOST_POSITIONS);
    Node written =
        form.optionalNode("acceptance")
            .orElseThrow(() ->
                form.invalid(
                    "acceptance",
                    "say which share of drafts the target accepts, 0 to 1: acceptance in a"
                        + " scenario, --acceptance on the command line"));
    List<List<Double>> acceptances = acceptances(written);
    int depth = tokens.orElse(acceptances.size());
    if (acceptances.size() != 1 && acceptances.size() != depth) {
      throw form.invalid(
          "acceptance",
          "has %d positions, and %d tokens are drafted".formatted(acceptances.size(), depth));
    }
    if (depth > Speculation.MOST_POSITIONS) {
      throw form.invalid(
          "acceptance", "has more than %d positions".formatted(Speculation.MOST_POSITIONS));
    }
    List<Integer> candidates =
        form.optionalNode("candidates").map(SpeculationForm::candidates).orElse(List.of());
    if (candidates.size() > 1 && candidates.size() != depth) {
      throw form.invalid(
          "candidates",
          "has %d positions, and %d tokens are drafted".formatted(candidates.size(), depth));
    }
    List<Position> positions = new ArrayList<>();
    for (int position = 0; position < depth; position++) {
      List<Double> ranks = acceptances.get(acceptances.size() == 1 ? 0 : position);
      int kept =
          candidates.isEmpty()
              ? ranks.size()
              : candidates.get(candidates.size() == 1 ? 0 : position);
      if (ranks.size() > 1 && ranks.size() != kept) {
        throw form.invalid(
            "candidates", "%d are kept, and %d have an acceptance".formatted(kept, ranks.size()));
      }
      if (ranks.stream().mapToDouble(Double::doubleValue).sum() > 1 + 1e-9 && ranks.size() > 1) {
        throw form.invalid(
            "acceptance",
            "candidates of one position exclude each other; the sum of a row is at most 1");
      }
      positions.add(new Position(ranks, kept));
    }
    if (Speculation.nodes(positions) > Speculation.MOST_NODES) {
      throw form.invalid(
          "candidates",
          "the tree has more than the %d drafts that a round may check"
              .formatted(Speculation.MOST_NODES));
    }
    return List.copyOf(positions);
  }

  /** A row for each position; one number is a row of one. */
  private static List<List<Double>> acceptances(Node node) {
    List<List<Double>> rows = new ArrayList<>();
    for (Node row : items(node, ",")) {
      rows.add(items(row, "/").stream().map(each -> Scalars.number(each, 0, 1)).toList());
    }
    return rows;
  }

  private static List<Integer> candidates(Node node) {
    return items(node, ",").stream()
        .map(each -> (int) Scalars.integer(each, 1, Speculation.MOST_NODES))
        .toList();
  }

  /** The items of a list, or of a text that lists them, or the one that stands alone. */
  private static List<Node> items(Node node, String separator) {
    if (node instanceof SequenceNode sequence) {
      if (sequence.items().isEmpty()) {
        throw node.problem("the list is empty").exception();
      }
      return sequence.items();
    }
    if (!(node instanceof ScalarNode scalar) || scalar.kind() != ScalarNode.Kind.STRING) {
      return List.of(node);
    }
    List<Node> items = new ArrayList<>();
    for (String item : scalar.text().split(separator, -1)) {
      boolean more = item.contains("/");
      items.add(
          new ScalarNode(
              scalar.location(),
              scalar.path(),
              item.strip(),
              more ? ScalarNode.Kind.STRING : ScalarNode.Kind.NUMBER));
    }
    return items;
  }
}
