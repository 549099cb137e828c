package dev.ridgeline.estimate;

import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.TensorSharding;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Speculative decoding: a cheap model drafts tokens, one pass of the target verifies them
 * (Leviathan, Kalman and Matias, arXiv 2211.17192).
 *
 * <p>A round drafts to a depth of {@code positions.size()}; at each depth the best {@code
 * candidates} continuations of every draft are kept, so one candidate each makes a chain. The
 * target accepts the first draft with the probability of its position and goes on until it rejects,
 * then adds one token of its own.
 *
 * @param positions the depths of the draft, first token first; 1 to 64
 * @param model the drafting model
 * @param platform where it runs; empty for the target's own devices
 * @param deployment how it is spread and stored
 * @param sharesTables whether it uses the target's token table and output head, so that they are in
 *     memory once
 */
public record Speculation(
    List<Position> positions,
    Model model,
    Optional<Platform> platform,
    Deployment deployment,
    boolean sharesTables) {

  /** The deepest draft. */
  public static final int MOST_POSITIONS = 64;

  /** The most drafts a round verifies. */
  public static final int MOST_NODES = 4096;

  /** Vocabularies of one tokenizer differ by padding; Qwen2.5's by 0.08 %. */
  private static final double PADDING = 0.005;

  /** Sums of probabilities written in decimals may be a little above one. */
  private static final double ROUNDING = 1e-9;

  /**
   * One depth of a draft.
   *
   * @param acceptance probability that a candidate is accepted once all before it were, 0 to 1: one
   *     for all candidates, which are then independent (with one candidate, Leviathan et al.,
   *     section 2); or one for each rank, of which at most one is accepted, so that their sum is at
   *     most 1 (Sequoia, arXiv 2402.12374, section 3.1)
   * @param candidates continuations kept of each draft, at least 1
   */
  public record Position(List<Double> acceptance, int candidates) {
    public Position {
      acceptance = List.copyOf(acceptance);
      boolean sized = acceptance.size() == 1 || acceptance.size() == candidates;
      double sum = 0;
      for (double each : acceptance) {
        sum += each >= 0 && each <= 1 ? each : Double.NaN;
      }
      if (!sized || candidates < 1 || !(sum <= 1 + ROUNDING)) {
        throw new IllegalArgumentException(
            "a draft position with acceptance %s and %d candidates"
                .formatted(acceptance, candidates));
      }
    }

    /** A position whose candidates are accepted alike. */
    public Position(double acceptance, int candidates) {
      this(List.of(acceptance), candidates);
    }

    /** Probability that any candidate is accepted. */
    double anyAccepted() {
      if (acceptance.size() == candidates) {
        return Math.min(1, acceptance.stream().mapToDouble(Double::doubleValue).sum());
      }
      return 1 - Math.pow(1 - acceptance.getFirst(), candidates);
    }

    /** The position with so many times the acceptance, as far as a probability allows. */
    Position scaled(double factor) {
      double sum = acceptance.stream().mapToDouble(Double::doubleValue).sum();
      double most = sum > 0 ? Math.min(factor, 1 / sum) : factor;
      return new Position(
          acceptance.stream().map(each -> Math.min(1, each * most)).toList(), candidates);
    }
  }

  public Speculation {
    positions = List.copyOf(positions);
    if (positions.isEmpty() || positions.size() > MOST_POSITIONS) {
      throw new IllegalArgumentException(
          "a draft of %d tokens is outside 1 to %d".formatted(positions.size(), MOST_POSITIONS));
    }
    if (nodes(positions) > MOST_NODES) {
      throw new IllegalArgumentException("a draft tree of more than " + MOST_NODES + " tokens");
    }
  }

  /** A drafting model with tables of its own. */
  public Speculation(
      List<Position> positions, Model model, Optional<Platform> platform, Deployment deployment) {
    this(positions, model, platform, deployment, false);
  }

  /** Devices that only draft: those of a drafter on a platform of its own. */
  public static int drafters(Scenario scenario) {
    return scenario
        .speculation()
        .filter(how -> how.platform().isPresent())
        .map(how -> how.deployment().parallelism().devices())
        .orElse(0);
  }

  /** Drafts of a round; beyond {@link #MOST_NODES}, some number above it. */
  public static long nodes(List<Position> positions) {
    long nodes = 0;
    long width = 1;
    for (Position position : positions) {
      width *= position.candidates();
      nodes += width;
      if (nodes > MOST_NODES) {
        break;
      }
    }
    return nodes;
  }

  /** A chain of {@code tokens} drafts with one acceptance for all positions. */
  public static List<Position> chain(int tokens, double acceptance) {
    List<Position> positions = new ArrayList<>();
    for (int position = 0; position < tokens; position++) {
      positions.add(new Position(acceptance, 1));
    }
    return List.copyOf(positions);
  }

  /** The drafter that a model's own prediction head of one layer makes. */
  public static Model ownHead(Model target) {
    return ownHead(target, 1);
  }

  /**
   * The drafter that a model's own prediction head makes: more layers like its last, between the
   * same tables (DeepSeek-V3 report, arXiv 2412.19437, section 2.2; EAGLE, arXiv 2401.15077, is of
   * the same shape; Dovetail, arXiv 2412.18934, has more than one layer).
   */
  public static Model ownHead(Model target, int layers) {
    return new Model(
        target.name() + " prediction head",
        target.family(),
        target.hidden(),
        target.vocabulary(),
        target.tiedHead(),
        Collections.nCopies(layers, target.layers().getLast()),
        target.embeddings(),
        target.head(),
        target.finalNorm(),
        List.of(),
        List.of(),
        target.nativeFormat(),
        target.checkpointActivations(),
        target.checkpointKv(),
        target.maxContext(),
        List.of());
  }

  /**
   * How a drafter is spread over a target's devices: over the most tensor ranks of each replica
   * that its shapes allow, without stages.
   */
  public static Parallelism beside(Parallelism target, Model drafter) {
    for (int tensor = target.tensor(); tensor > 1; tensor--) {
      if (target.tensor() % tensor == 0 && TensorSharding.refusal(drafter, tensor).isEmpty()) {
        return new Parallelism(tensor, 1, 1, target.data(), 1, target.attentionData());
      }
    }
    return new Parallelism(1, 1, 1, target.data(), 1, target.attentionData());
  }

  /** Tokens the target's verifying pass takes in for a sequence: every draft and one of its own. */
  public int verifiedTokens() {
    return 1 + (int) nodes(positions);
  }

  /**
   * Expected tokens of a round: the target's own and every draft up to the first rejection. For a
   * chain with one acceptance {@code a} and {@code k} drafts this is {@code (1 - a^(k+1)) / (1 -
   * a)} (Leviathan et al., equation 1): 1 for {@code a = 0}, {@code k + 1} for {@code a = 1}.
   */
  public double expectedTokens() {
    double expected = 1;
    double reached = 1;
    for (Position position : positions) {
      reached *= position.anyAccepted();
      expected += reached;
    }
    return expected;
  }

  /** For each depth, the probability that a candidate is accepted once all before were. */
  public List<Double> acceptances() {
    return positions.stream().map(Position::anyAccepted).toList();
  }

  /** The same drafts with so many times the acceptance, as far as a probability allows. */
  Speculation withAcceptance(double factor) {
    return new Speculation(
        positions.stream().map(position -> position.scaled(factor)).toList(),
        model,
        platform,
        deployment,
        sharesTables);
  }

  /** Refuses a drafter whose tokens are not the target's. */
  void requireSameTokens(Model target) {
    int own = model.vocabulary();
    if (Math.abs(own - target.vocabulary()) > PADDING * target.vocabulary()) {
      throw new IllegalDeploymentException(
          "draft",
          model.name(),
          "its %d tokens are not the %d of %s, which verifies them"
              .formatted(own, target.vocabulary(), target.name()),
          "models of the same tokenizer");
    }
  }
}
