package dev.ridgeline.papers.genz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Named conventions lead from Ridgeline's requirements to those of GenZ's authors. */
class RequirementSplitTest {
  private static final int ROWS = 25;

  /** Half of the last digit that is printed, and a little for the rounding of its ties. */
  private static final double PRINTED = 0.5000001e-6;

  private static final List<RequirementSplit> SPLITS = new ArrayList<>();

  @BeforeAll
  static void split() {
    SPLITS.addAll(RequirementSplit.all());
  }

  @Test
  void everyCellOfTheTableIsSplit() {
    assertThat(SPLITS).hasSize(ROWS * RequirementFigure.values().length);
  }

  @Test
  void withoutTheirConventionsTheClosedFormIsRidgelinesAnswer() {
    for (RequirementSplit split : SPLITS) {
      assertThat(split.equations())
          .as(split.toString())
          .isCloseTo(split.ours(), within(1e-9 * split.ours()));
    }
  }

  @Test
  void withAllOfThemItIsThePublishedFigure() {
    for (RequirementSplit split : SPLITS) {
      assertThat(split.together())
          .as(split.toString())
          .isCloseTo(split.published(), within(PRINTED));
    }
  }

  @Test
  void everyConventionMovesSomeFigure() {
    for (RequirementConvention convention : RequirementConvention.values()) {
      assertThat(SPLITS)
          .as(convention.theirs())
          .anyMatch(split ->
              Math.abs(split.alone().getOrDefault(convention, 0.0)) > 1e-6 * split.published());
    }
  }

  @Test
  void conventionsStayWhereTheyBelong() {
    for (RequirementSplit split : SPLITS) {
      boolean mixture = split.model().equals("Mixtral-8x7B") || split.model().equals("GPT4-1.8T");
      boolean grouped = split.model().equals("Mixtral-8x7B") || split.model().equals("LLaMA3-70B");
      if (!mixture) {
        assertAlone(split, RequirementConvention.EXPERTS, 0);
        assertAlone(split, RequirementConvention.ROUTER, 0);
        assertAlone(split, RequirementConvention.ONE_EXPERT, 0);
      }
      assertAlone(
          split, grouped ? RequirementConvention.BEAM_SCORES : RequirementConvention.BEAM_CACHE, 0);
    }
  }

  private static void assertAlone(
      RequirementSplit split, RequirementConvention convention, double expected) {
    assertThat(split.alone().getOrDefault(convention, 0.0))
        .as("%s of %s", convention, split)
        .isEqualTo(expected);
  }
}
